"""Resource Manager's operations, each of them from a call to its answer."""
