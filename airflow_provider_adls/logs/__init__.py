"""Task logs in a lake."""
