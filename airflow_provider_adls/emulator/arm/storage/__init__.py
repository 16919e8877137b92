"""Resource Manager's Microsoft.Storage: storage accounts, their keys, blob services and containers."""
