"""The caller of a file operation, after sign-in: who it is, and what decides about its rights."""

from __future__ import annotations

from typing import NamedTuple

from airflow_provider_adls.emulator.gen2.account import SUPER_USER
from airflow_provider_adls.emulator.principal import Principal, StorageRole


class Caller(NamedTuple):
    """The caller of a file operation.

    :param principal: owner of new files, compared with ACL entries. For a key or a
        signature without an object id its object id is `$superuser`.
    :param role: `owner` for a super user (a key, a shared access signature, Storage Blob Data Owner), whom
        no ACL binds; `contributor` and `reader` are let in by role; `none` by ACLs alone.
    :param may_overwrite: False for a signature that lets its holder create files and not change any.
    """

    principal: Principal
    role: StorageRole = "owner"
    may_overwrite: bool = True

    @property
    def object_id(self) -> str:
        """Object id of the principal."""
        return self.principal.object_id


#: The caller that signs with an account key.
KEY_HOLDER = Caller(Principal(SUPER_USER))
