"""The DFS face: the handler of each of its operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.dfs import content, file_systems, paths, rights
from airflow_provider_adls.emulator.faces.serving import FaceService, Handle, KeepRetention

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.namespaces import Namespaces

HANDLERS: dict[str, Handle] = {
    "AppendFile": content.append,
    "CheckPathAccess": rights.check_access,
    "CreateFilesystem": file_systems.create,
    "CreatePathDir": paths.create_directory,
    "CreatePathFile": paths.create_file,
    "DeleteFilesystem": file_systems.delete,
    "DeletePath": paths.delete,
    "FlushFile": content.flush,
    "GetFilesystemProperties": file_systems.describe,
    "GetPathAccessControl": rights.get_access,
    "GetPathProperties": paths.describe,
    "GetPathStatus": paths.status,
    "LeasePath": paths.lease,
    "ListFilesystemDir": paths.list_paths,
    "ListFilesystems": file_systems.list_all,
    "ReadFile": content.read,
    "RenamePath": paths.rename,
    "SetFilesystemProperties": file_systems.change,
    "SetPathAccessControl": rights.set_access,
    "SetPathAccessControlRecursive": rights.change_tree,
    "SetPathProperties": paths.set_properties,
}
WITH_BODY = frozenset({"AppendFile"})


def dfs_face(namespaces: Namespaces, keep_retention: KeepRetention) -> FaceService:
    """Return the DFS face of all accounts."""
    return FaceService("dfs", namespaces, HANDLERS, WITH_BODY, {}, keep_retention)
