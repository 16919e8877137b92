"""The actions of `adls-gen1 emulator`, a module for each."""
