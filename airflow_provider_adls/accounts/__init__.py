"""Accounts in Resource Manager: create, describe, change and wait for them."""
