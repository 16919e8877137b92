"""The fsspec file system for `adl://`."""
