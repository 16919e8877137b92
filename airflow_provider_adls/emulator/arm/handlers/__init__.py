"""The handlers of Resource Manager's operations, each from a `Call` to an `Answer`."""
