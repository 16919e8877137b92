"""The Blob face: the handler of each of its operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.blob import blobs, containers, listing, services, tags, writing
from airflow_provider_adls.emulator.faces.serving import FaceService, Handle, KeepRetention

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.namespaces import Namespaces

HANDLERS: dict[str, Handle] = {
    "AppendBlock": writing.append_block,
    "CopyBlob": writing.copy,
    "CreateContainer": containers.create,
    "DeleteBlob": blobs.delete,
    "DeleteContainer": containers.delete,
    "GetAccountInformation": services.account_information,
    "GetBlob": blobs.read,
    "GetBlobMetadata": blobs.get_metadata,
    "GetBlobProperties": blobs.describe,
    "GetBlobServiceProperties": services.service_properties,
    "GetBlobTags": tags.get_tags,
    "GetBlockList": writing.get_block_list,
    "GetContainerACL": containers.get_acl,
    "GetContainerMetadata": containers.describe,
    "GetContainerProperties": containers.describe,
    "LeaseBlob": blobs.lease,
    "LeaseContainer": containers.lease,
    "ListBlobs": listing.list_blobs,
    "ListContainers": containers.list_all,
    "PutBlob": writing.put,
    "PutBlobFromURL": writing.put_from_url,
    "PutBlock": writing.put_block,
    "PutBlockList": writing.put_block_list,
    "RenameContainer": containers.rename,
    "SetBlobExpiry": blobs.set_expiry,
    "SetBlobMetadata": blobs.set_metadata,
    "SetBlobProperties": blobs.set_properties,
    "SetBlobServiceProperties": services.set_service_properties,
    "SetBlobTags": tags.set_tags,
    "SetContainerACL": containers.set_acl,
    "SetContainerMetadata": containers.set_metadata,
    "UndeleteBlob": blobs.undelete,
    "UndeleteContainer": containers.undelete,
}
WITH_BODY = frozenset(
    {
        "AppendBlock",
        "PutBlob",
        "PutBlock",
        "PutBlockList",
        "SetBlobServiceProperties",
        "SetBlobTags",
        "SetContainerACL",
    }
)
#: Error names of the Blob face that differ from those of the DFS face.
CODES = {
    "DirectoryNotEmpty": "DirectoryIsNotEmpty",
    "FilesystemAlreadyExists": "ContainerAlreadyExists",
    "FilesystemBeingDeleted": "ContainerBeingDeleted",
    "FilesystemNotFound": "ContainerNotFound",
    "LeaseIdMismatch": "LeaseIdMismatchWithBlobOperation",
    "LeaseNotPresent": "LeaseNotPresentWithBlobOperation",
    "PathAlreadyExists": "BlobAlreadyExists",
    "PathNotFound": "BlobNotFound",
}


def blob_face(namespaces: Namespaces, keep_retention: KeepRetention) -> FaceService:
    """Return the Blob face of all accounts."""
    return FaceService("blob", namespaces, HANDLERS, WITH_BODY, CODES, keep_retention)
