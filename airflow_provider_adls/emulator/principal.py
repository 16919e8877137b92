"""`Principal`: the identity behind a request."""

from __future__ import annotations

from typing import Literal, NamedTuple

#: A role for the data of storage accounts: Storage Blob Data Owner, Contributor, Reader, or none of them.
StorageRole = Literal["owner", "contributor", "reader", "none"]


class Principal(NamedTuple):
    """A service principal, as a checked token names it.

    :param object_id: its id in the directory (the token's `oid`): what owners and ACL entries hold.
    :param super_user: whether it is an Owner of the account, whom no permission binds.
    :param groups: object ids of the groups that it belongs to.
    :param client_id: id of the application that signs in as it.
    :param storage_role: its role for the data of storage accounts. To own the account gives no right to its
        data there (documented).
    """

    object_id: str
    super_user: bool = True
    groups: frozenset[str] = frozenset()
    client_id: str = ""
    storage_role: StorageRole = "none"
