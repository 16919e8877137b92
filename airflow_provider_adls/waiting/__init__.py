"""Conditions on files and accounts, and how triggers and sensors wait for them."""
