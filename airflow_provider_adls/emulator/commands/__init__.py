"""What `adls-gen1 emulator` does: one module for each of its actions."""
