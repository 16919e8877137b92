"""Rows of databases as files of a lake, and back."""
