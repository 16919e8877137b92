"""Transfers between stores: planned, carried out, and told of."""
