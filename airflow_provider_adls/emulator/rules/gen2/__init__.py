"""The rules of a hierarchical namespace: what Gen2 does with a request, with no word of HTTP.

What both generations do alike stands beside this package: ACLs, the access check, finding a path.
"""
