"""A Gen1 service on this machine, for clients that do not know the difference."""
