"""The operations of both faces: their names in the request record, and how a request shows which it is.

Names are those of the service's own logs ("Storage Analytics logged operations"); what only the DFS face
has, and the logs do not name, is called as in the REST reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from aiohttp import hdrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.emulator.gen2.answers import Face


class Address(NamedTuple):
    """Kind of thing that a request's path names.

    :param container: empty for the account itself.
    :param path: path in the container, decoded, without slashes around; empty for the container itself.
    """

    container: str = ""
    path: str = ""

    @property
    def level(self) -> int:
        """Return 0 for the account, 1 for a container, 2 for a path in it."""
        return 2 if self.path else int(bool(self.container))


def address(path: str) -> Address:
    """Return what a percent-encoded path names: `/container/dir/file`, `/container/dir%2Ffile`."""
    container, _, rest = unquote(path.lstrip("/")).partition("/")
    return Address(container, rest.strip("/"))


_ACCOUNT, _CONTAINER, _PATH = 0, 1, 2
#: By method and level, then by `restype`, `comp` and the like of the query; the first that fits counts.
_BLOB: dict[tuple[str, int], tuple[tuple[str, Mapping[str, str]], ...]] = {
    ("GET", _ACCOUNT): (
        ("GetAccountInformation", {"restype": "account", "comp": "properties"}),
        ("GetBlobServiceProperties", {"restype": "service", "comp": "properties"}),
        ("GetBlobServiceStats", {"restype": "service", "comp": "stats"}),
        ("ListContainers", {"comp": "list"}),
        ("FindBlobsByTags", {"comp": "blobs"}),
    ),
    ("HEAD", _ACCOUNT): (("GetAccountInformation", {"restype": "account", "comp": "properties"}),),
    ("PUT", _ACCOUNT): (("SetBlobServiceProperties", {"restype": "service", "comp": "properties"}),),
    ("POST", _ACCOUNT): (
        ("GetUserDelegationKey", {"restype": "service", "comp": "userdelegationkey"}),
        ("BatchBlob", {"comp": "batch"}),
    ),
    ("PUT", _CONTAINER): (
        ("SetContainerMetadata", {"restype": "container", "comp": "metadata"}),
        ("SetContainerACL", {"restype": "container", "comp": "acl"}),
        ("LeaseContainer", {"restype": "container", "comp": "lease"}),
        ("UndeleteContainer", {"restype": "container", "comp": "undelete"}),
        ("RenameContainer", {"restype": "container", "comp": "rename"}),
        ("CreateContainer", {"restype": "container"}),
    ),
    ("GET", _CONTAINER): (
        ("GetAccountInformation", {"restype": "account", "comp": "properties"}),
        ("ListBlobs", {"restype": "container", "comp": "list"}),
        ("GetContainerACL", {"restype": "container", "comp": "acl"}),
        ("GetContainerMetadata", {"restype": "container", "comp": "metadata"}),
        ("GetContainerProperties", {"restype": "container"}),
    ),
    ("HEAD", _CONTAINER): (
        ("GetAccountInformation", {"restype": "account", "comp": "properties"}),
        ("GetContainerACL", {"restype": "container", "comp": "acl"}),
        ("GetContainerMetadata", {"restype": "container", "comp": "metadata"}),
        ("GetContainerProperties", {"restype": "container"}),
    ),
    ("DELETE", _CONTAINER): (("DeleteContainer", {"restype": "container"}),),
    ("POST", _CONTAINER): (("BatchBlob", {"restype": "container", "comp": "batch"}),),
    ("GET", _PATH): (
        ("GetAccountInformation", {"restype": "account", "comp": "properties"}),
        ("GetBlockList", {"comp": "blocklist"}),
        ("GetBlobMetadata", {"comp": "metadata"}),
        ("GetBlobTags", {"comp": "tags"}),
        ("GetBlob", {}),
    ),
    ("HEAD", _PATH): (
        ("GetAccountInformation", {"restype": "account", "comp": "properties"}),
        ("GetBlobMetadata", {"comp": "metadata"}),
        ("GetBlobProperties", {}),
    ),
    ("PUT", _PATH): (
        ("PutBlock", {"comp": "block"}),
        ("PutBlockList", {"comp": "blocklist"}),
        ("SetBlobProperties", {"comp": "properties"}),
        ("SetBlobMetadata", {"comp": "metadata"}),
        ("LeaseBlob", {"comp": "lease"}),
        ("SetBlobExpiry", {"comp": "expiry"}),
        ("UndeleteBlob", {"comp": "undelete"}),
        ("SnapshotBlob", {"comp": "snapshot"}),
        ("AbortCopyBlob", {"comp": "copy"}),
        ("AppendBlock", {"comp": "appendblock"}),
        ("SetBlobTier", {"comp": "tier"}),
        ("SetBlobTags", {"comp": "tags"}),
        ("PutPage", {"comp": "page"}),
        ("PutBlob", {}),
    ),
    ("POST", _PATH): (("QueryBlobContents", {"comp": "query"}),),
    ("DELETE", _PATH): (("DeleteBlob", {}),),
}
_DFS: dict[tuple[str, int], tuple[tuple[str, Mapping[str, str]], ...]] = {
    ("GET", _ACCOUNT): (("ListFilesystems", {"resource": "account"}),),
    ("PUT", _CONTAINER): (("CreateFilesystem", {"resource": "filesystem"}),),
    ("PATCH", _CONTAINER): (
        ("SetFilesystemProperties", {"resource": "filesystem"}),
        ("SetPathAccessControl", {"action": "setaccesscontrol"}),
        ("SetPathAccessControlRecursive", {"action": "setaccesscontrolrecursive"}),
    ),
    ("HEAD", _CONTAINER): (
        ("GetFilesystemProperties", {"resource": "filesystem"}),
        ("GetPathAccessControl", {"action": "getaccesscontrol"}),
        ("GetPathStatus", {"action": "getstatus"}),
        ("CheckPathAccess", {"action": "checkaccess"}),
        ("GetPathProperties", {}),
    ),
    ("GET", _CONTAINER): (("ListFilesystemDir", {"resource": "filesystem"}),),
    ("DELETE", _CONTAINER): (("DeleteFilesystem", {"resource": "filesystem"}),),
    ("PUT", _PATH): (
        ("CreatePathFile", {"resource": "file"}),
        ("CreatePathDir", {"resource": "directory"}),
    ),
    ("PATCH", _PATH): (
        ("AppendFile", {"action": "append"}),
        ("FlushFile", {"action": "flush"}),
        ("SetPathProperties", {"action": "setproperties"}),
        ("SetPathAccessControl", {"action": "setaccesscontrol"}),
        ("SetPathAccessControlRecursive", {"action": "setaccesscontrolrecursive"}),
    ),
    ("GET", _PATH): (("ReadFile", {}),),
    ("HEAD", _PATH): (
        ("GetPathAccessControl", {"action": "getaccesscontrol"}),
        ("GetPathStatus", {"action": "getstatus"}),
        ("CheckPathAccess", {"action": "checkaccess"}),
        ("GetPathProperties", {}),
    ),
    ("POST", _PATH): (("LeasePath", {}),),
    ("DELETE", _PATH): (("DeletePath", {}),),
}
#: Header that makes a PUT a rename.
RENAME_SOURCE = "x-ms-rename-source"
_COPY_SOURCE = "x-ms-copy-source"
#: Operations of a PUT without a query, by its headers.
_BY_HEADER = {
    "PutBlob": ((_COPY_SOURCE, "CopyBlob"),),
    "PutBlock": ((_COPY_SOURCE, "PutBlockFromURL"),),
    "AppendBlock": ((_COPY_SOURCE, "AppendBlockFromURL"),),
}
RENAME = "RenamePath"
#: The names of each face, for the request record and for fault rules.
OPERATIONS: dict[Face, frozenset[str]] = {
    "dfs": frozenset(name for choices in _DFS.values() for name, _ in choices) | {RENAME},
    "blob": frozenset(name for choices in _BLOB.values() for name, _ in choices)
    | {named for choices in _BY_HEADER.values() for _, named in choices}
    | {"PutBlobFromURL"},
}


def operation(
    face: Face, method: str, level: int, query: Mapping[str, str], headers: Mapping[str, str]
) -> str | None:
    """Return the name of the operation that a request asks for; None if the face has none of the kind.

    :param level: `Address.level`.
    :param query: values by name in lower case.
    """
    if face == "dfs" and method == "PUT" and level == _PATH and RENAME_SOURCE in headers:
        return RENAME
    table = _DFS if face == "dfs" else _BLOB
    choices = table.get((method, level), ())
    found = next(
        (
            name
            for name, wanted in choices
            if all(query.get(parameter, "").lower() == value for parameter, value in wanted.items())
        ),
        None,
    )
    if found in {"PutBlob", "GetBlob"} and query.get("comp"):
        return None
    for header, name in _BY_HEADER.get(found or "", ()):
        if header in headers:
            # With a type of blob it is a new blob whose content comes from elsewhere, and no copy.
            made = found == "PutBlob" and "x-ms-blob-type" in headers
            return "PutBlobFromURL" if made and hdrs.CONTENT_LENGTH in headers else name
    return found
