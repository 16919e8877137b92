"""How the request and the answer of each operation of Gen2's two faces are known."""

from __future__ import annotations

from airflow_provider_adls.emulator.blob.face import HANDLERS as BLOB
from airflow_provider_adls.emulator.dfs.face import HANDLERS as DFS

RECORDED = ("recorded", "")
REST = "REST reference of the Blob service"
_OTHERS: dict[tuple[str, str], tuple[str, str]] = {
    ("dfs", "CheckPathAccess"): ("documented", "Hadoop's ABFS"),
    ("dfs", "LeasePath"): ("documented", "REST reference, Path - Lease"),
    ("dfs", "SetPathProperties"): ("documented", "REST reference, Path - Update"),
    **{
        ("blob", name): ("documented", REST)
        for name in (
            "AppendBlock",
            "CopyBlob",
            "DeleteBlob",
            "GetAccountInformation",
            "GetBlobMetadata",
            "GetBlobServiceProperties",
            "GetBlobTags",
            "GetBlockList",
            "GetContainerMetadata",
            "PutBlobFromURL",
            "PutBlock",
            "PutBlockList",
            "SetBlobServiceProperties",
            "SetBlobTags",
        )
    },
}
#: By face and name of the operation.
EVIDENCE = {
    (face, name): _OTHERS.get((face, name), RECORDED)
    for face, handlers in (("dfs", DFS), ("blob", BLOB))
    for name in handlers
}
