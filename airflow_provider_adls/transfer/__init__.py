"""Transfers between stores: planned, carried out and reported."""
