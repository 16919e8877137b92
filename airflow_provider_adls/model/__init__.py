"""The words of the field (paths, ACLs, status, errors): standard library only, no I/O."""
