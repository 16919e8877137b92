"""Facts of the Gen1 service that client and emulator share: standard library only, no I/O."""
