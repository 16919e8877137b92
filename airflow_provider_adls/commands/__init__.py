"""The command line `adls-gen1`: one module per family of commands.

Modules here import click and the standard library; what a command needs beyond that is imported when it runs.
"""
