"""The asynchronous REST client of the Gen1 file system."""
