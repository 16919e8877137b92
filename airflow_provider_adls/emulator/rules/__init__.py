"""What the service does with a request: semantics over the store, with no word of HTTP.

A rule takes a `Call`, which says who asks, where and when, and the operation's arguments; it returns
values or raises a `Refusal`. It runs inside one transaction of the store, so a refusal changes nothing.
"""
