from tests.emulator.both_faces import account

__all__ = ["account"]
