"""Arguments of the transfers."""

from pathlib import Path

from airflow_provider_adls.operators.sync import ADLSGen1SyncOperator
from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.adls_gen1_to_object_storage import ADLSGen1ToObjectStorageOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator
from airflow_provider_adls.transfers.object_storage_to_adls_gen1 import ObjectStorageToADLSGen1Operator
from tests.operators.cases.common import ANYTHING

RIGHT = {
    LocalToADLSGen1Operator: {"local_path": "/data", "remote_path": "/raw"},
    ADLSGen1ToLocalOperator: {"local_path": Path("/data"), "remote_path": "/raw"},
    ADLSGen1CopyOperator: {
        "source_path": "adl://lake/raw",
        "destination_path": "/copy",
        "keep": ["owner", "times"],
    },
    ObjectStorageToADLSGen1Operator: {"source_path": "s3://bucket/raw", "remote_path": "/raw"},
    ADLSGen1ToObjectStorageOperator: {"destination_path": "gs://id@bucket/raw", "remote_path": "/raw"},
    ADLSGen1SyncOperator: {
        "source_path": "/raw",
        "destination_path": "file:///data",
        "include": ["*.csv", "a/**"],
        "exclude": [],
    },
}
WRONG = {
    "local_path": ("", 5, [""], [5]),
    "remote_path": ("raw", "", 5, ["raw"], [5]),
    "source_path": ("raw", "", 5, ["raw"], "adl:///raw", "s3://"),
    "destination_path": ("raw", "", 5, ["/raw"], "adl:///raw", "s3://"),
    "source_conn_id": ("", 5),
    "destination_conn_id": ("", 5),
    "if_exists": ("replace", "", 1),
    "keep_directory_structure": ("no", 0),
    "delete_source": ("yes",),
    "ignore_failures": ("yes",),
    "compression": ("bzip2", "", True),
    "parallel": (0, True, 1.5, "many"),
    "verify": ("md5", "", True),
    "resume": ("maybe", 1),
    "keep": ("rights", 5, ["owner", "acl"], [5]),
    "fail_unless_kept": ("yes", 1),
    "acl": ("user::rwx", "rwx", "", 5, []),
    "expires_in": (0, -1, "soon", ""),
    "compare": ("time", 5),
    "delete": ("yes", 1),
    "include": ("*.csv", ["s3://bucket/a"], [""], [5]),
    "exclude": ("*.csv", ["/raw/*.csv"], [""], [5]),
}
RENDERED: dict[str, object] = {"include": ANYTHING, "exclude": ANYTHING, "keep": "rights"}
