"""Arguments of the steps of a transfer of many tasks."""

from airflow_provider_adls.operators.distributed import (
    ADLSGen1BeginTransferOperator,
    ADLSGen1CopyShardOperator,
    ADLSGen1DeleteExtraneousOperator,
    ADLSGen1KeepAttributesOperator,
    ADLSGen1ListShardsOperator,
    ADLSGen1PackShardsOperator,
    ADLSGen1TransferReportOperator,
    ADLSGen1VerifyShardOperator,
)
from tests.operators.cases.common import ANYTHING

STATE = {"state_path": "/state", "transfer_id": "nightly/2026-11-29T00:00:00+00:00"}
RIGHT = {
    ADLSGen1BeginTransferOperator: {
        **STATE,
        "source_path": "/raw",
        "destination_path": "s3://bucket/raw",
        "include": ["*.csv"],
        "exclude": [],
    },
    ADLSGen1ListShardsOperator: {**STATE, "part": 0},
    ADLSGen1PackShardsOperator: STATE,
    ADLSGen1CopyShardOperator: {**STATE, "shard": 17},
    ADLSGen1VerifyShardOperator: {**STATE, "shard": 17},
    ADLSGen1DeleteExtraneousOperator: STATE,
    ADLSGen1KeepAttributesOperator: {**STATE, "part": 0},
    ADLSGen1TransferReportOperator: STATE,
}
WRONG = {
    "state_path": ("state", "", 5, "s3://bucket/state", "/state/*"),
    "transfer_id": ("", 5),
    "source_path": ("raw", "", 5, ["/raw"], "adl:///raw", "s3://", "file:///data"),
    "destination_path": ("raw", "", 5, ["/raw"], "adl:///raw", "s3://", "file:///data"),
    "source_conn_id": ("", 5),
    "destination_conn_id": ("", 5),
    "mode": ("move", 5),
    "compare": ("checksum", 5),
    "delete": ("yes", 1),
    "max_deletes": (-1, "0.1", True),
    "include": ("*.csv", ["/raw/*.csv"], [""], [5]),
    "exclude": ("*.csv", ["/raw/*.csv"], [""], [5]),
    "checksum": ("yes",),
    "ignore_failures": ("yes",),
    "verify": ("md5", "", True),
    "keep": ("rights", "owner", 5, ["acl"]),
    "fail_unless_kept": ("yes",),
    "list_tasks": (0, 1.5, "8"),
    "shard_files": (0, 1.5, "8"),
    "shard_bytes": (0, 1.5, "8"),
    "part": (-1, "x", 1.5),
    "shard": (-1, "x", 1.5),
}
RENDERED: dict[str, object] = {"include": ANYTHING, "exclude": ANYTHING, "keep": "rights"}
