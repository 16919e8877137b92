from tests.emulator.gen2 import account

__all__ = ["account"]
