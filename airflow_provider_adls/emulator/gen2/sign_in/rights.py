"""The right that each operation needs, for signatures and for roles.

Sources: "Create an account SAS" and "Create a service SAS" for the letters of signatures, and Hadoop's
ABFS for what its signatures ask for; "Azure built-in roles for Storage" for roles. Paths have ACLs too,
which the faces judge: roles are checked here for accounts and containers alone.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

#: Rights that a role must give at an account or a container; None where the ACLs of a path decide too.
RoleRight = Literal["read", "write"]


class Right(NamedTuple):
    """Rights that an operation needs.

    :param resource: the letter of an account SAS (`srt`): `s` account, `c` container, `o` path.
    :param letters: permissions (`sp`), of which one suffices; empty if any permission does.
    :param service_sas: whether a signature for a container, directory or blob can allow it.
    :param role: action that the role of a bearer must allow.
    """

    resource: str
    letters: str
    service_sas: bool = True
    role: RoleRight | None = None


def _path(letters: str, names: str) -> dict[str, Right]:
    return {name: Right("o", letters) for name in names.split()}


def _container(letters: str, role: RoleRight, names: str) -> dict[str, Right]:
    return {name: Right("c", letters, service_sas=False, role=role) for name in names.split()}


def _account(letters: str, role: RoleRight, names: str) -> dict[str, Right]:
    return {name: Right("s", letters, service_sas=False, role=role) for name in names.split()}


RIGHTS: dict[str, Right] = {
    **_account("l", "read", "ListContainers ListFilesystems"),
    **_account("r", "read", "GetBlobServiceProperties GetBlobServiceStats"),
    **_account("w", "write", "SetBlobServiceProperties"),
    **_account("f", "read", "FindBlobsByTags"),
    **_container("cw", "write", "CreateContainer CreateFilesystem UndeleteContainer"),
    **_container("d", "write", "DeleteContainer DeleteFilesystem"),
    **_container("r", "read", "GetContainerProperties GetContainerMetadata GetFilesystemProperties"),
    **_container("w", "write", "SetContainerMetadata SetFilesystemProperties RenameContainer"),
    **_container("wd", "write", "LeaseContainer"),
    **dict.fromkeys(("ListBlobs", "ListFilesystemDir"), Right("c", "l")),
    **_path("r", "GetBlob GetBlobMetadata GetBlockList QueryBlobContents ReadFile"),
    **_path("re", "GetBlobProperties GetPathProperties GetPathStatus"),
    **_path("re", "GetPathAccessControl CheckPathAccess"),
    **_path("cw", "PutBlob PutBlobFromURL PutBlock PutBlockFromURL PutBlockList SnapshotBlob CopyBlob"),
    **_path("cw", "CreatePathFile CreatePathDir"),
    **_path("aw", "AppendBlock AppendBlockFromURL AppendFile FlushFile"),
    **_path("w", "SetBlobProperties SetBlobMetadata SetBlobExpiry UndeleteBlob AbortCopyBlob SetBlobTier"),
    **_path("w", "PutPage SetPathProperties"),
    **_path("wd", "LeaseBlob LeasePath"),
    **_path("d", "DeleteBlob DeletePath"),
    **_path("t", "GetBlobTags SetBlobTags"),
    **_path("p", "SetPathAccessControlRecursive"),
    **_path("op", "SetPathAccessControl"),
    **_path("mwc", "RenamePath"),
    "GetAccountInformation": Right("sco", "", role="read"),
    "BatchBlob": Right("sc", ""),
}
#: Rights that a signature must give at the source of a rename.
RENAME_SOURCE = Right("o", "md")
