"""Policies that decide whether a failed task is tried again."""
