"""The rules of the service: what each operation does to the store, independent of HTTP.

A rule takes a `Call`, with the caller, account and time, and the operation's arguments; it returns
values or raises a `Refusal`. It runs inside one transaction of the store, so a refusal changes nothing.
"""
