"""Sign-in for the files of storage accounts: bearer tokens, account keys and shared access signatures."""
