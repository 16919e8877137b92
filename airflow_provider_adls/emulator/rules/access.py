"""`allows` and `inherited`: the access check, and the rights of new entries.

Source: docs, "Access control in Azure Data Lake Storage Gen1".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import acl
from airflow_provider_adls.model.acl import bits_of

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.principal import Principal
    from airflow_provider_adls.emulator.store import Node

READ, WRITE, EXECUTE = 4, 2, 1
STICKY = 0o1000
#: Cleared in everything that is made; an account cannot change it (docs).
UMASK = 0o007
#: Permission of new files and directories (the recordings: 770, without a default ACL above).
DEFAULT_PERMISSION = 0o777


def allows(principal: Principal, node: Node, rights: int) -> bool:
    """Return whether a principal has all of these rights, by the documented algorithm.

    The first entry that is about the principal decides: owner, named user, groups, other. Rights of
    several groups add up. The mask bounds all of them but the owner.
    """
    if principal.super_user:
        return True
    if principal.object_id == node.owner:
        return node.permission >> 6 & rights == rights
    entries = acl.access_entries(node)
    mask = next((bits_of(entry.rights or "") for entry in entries if entry.type == "mask"), 0o7)
    belongs, together = False, 0
    for entry in entries:
        granted = bits_of(entry.rights or "") & mask
        if entry.type == "user" and entry.qualifier == principal.object_id:
            return granted & rights == rights
        if entry.type == "group" and (entry.qualifier or node.group) in principal.groups:
            belongs, together = True, together | granted
    return (together if belongs else node.permission & mask) & rights == rights


def inherited(
    parent: Node, *, directory: bool, permission: int | None, umask: int = UMASK
) -> tuple[int, str]:
    """Return the permission bits and further ACL entries of a new entry of a directory.

    Its access ACL is the directory's default ACL, cleared by the umask; a new directory gets the default
    ACL too.

    :param permission: requested bits, which bound the inherited ones; None for all.
    """
    bits = (DEFAULT_PERMISSION if permission is None else permission) & ~umask
    defaults = [entry for entry in acl.parsed(parent.acl) if entry.default]
    if not defaults:
        return bits, ""
    entries = [entry._replace(default=False) for entry in defaults]
    inherited_bits, extra = acl.split(entries)
    masked = any(entry.type == "mask" for entry in extra)
    if masked:
        # With a mask, the middle digit of the request bounds the mask, not the group (POSIX 1003.1e).
        extra = [acl.bounded(entry, bits >> 3) if entry.type == "mask" else entry for entry in extra]
        inherited_bits &= bits | 0o070
    else:
        inherited_bits &= bits
    kept = [*extra, *defaults] if directory else extra
    return inherited_bits & ~umask | bits & STICKY, acl.formatted(kept)
