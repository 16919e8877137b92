"""The DFS face of Gen2 accounts: paths and file systems, answered in JSON and headers."""
