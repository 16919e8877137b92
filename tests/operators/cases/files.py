"""Arguments of the operators for directories and files."""

from datetime import datetime, timedelta

from airflow_provider_adls.operators.acls import (
    ADLSGen1GetAclOperator,
    ADLSGen1ModifyAclOperator,
    ADLSGen1RemoveAclEntriesOperator,
    ADLSGen1RemoveAclOperator,
    ADLSGen1RemoveDefaultAclOperator,
    ADLSGen1SetAclOperator,
)
from airflow_provider_adls.operators.content import (
    ADLSGen1AppendToFileOperator,
    ADLSGen1ConcatenateOperator,
    ADLSGen1CreateFileOperator,
    ADLSGen1ReadFileOperator,
)
from airflow_provider_adls.operators.expiry import ADLSGen1ClearExpiryOperator, ADLSGen1SetExpiryOperator
from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
    ADLSGen1MoveOperator,
)
from airflow_provider_adls.operators.rights import ADLSGen1SetOwnerOperator, ADLSGen1SetPermissionOperator
from airflow_provider_adls.operators.status import (
    ADLSGen1CheckAccessOperator,
    ADLSGen1ContentSummaryOperator,
    ADLSGen1GetStatusOperator,
)
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator
from airflow_provider_adls.operators.trash import ADLSGen1ListTrashOperator, ADLSGen1RestoreOperator
from tests.operators.cases.common import ANYTHING

MOVE = {"source_path": "/raw/*.csv", "destination_path": "/archive/"}
ACL = "user::rwx,group::r-x,other::---"
RIGHT = {
    ADLSGen1CreateDirectoryOperator: {"path": "/raw"},
    ADLSGen1ListOperator: {"path": "/raw/*"},
    ADLSGen1DeleteOperator: {"path": ["/raw/a", "adl://lake/raw/b"]},
    ADLSGen1MoveOperator: MOVE,
    ADLSGen1CreateFileOperator: {"path": "/raw/a", "data": {"day": "{{ ds }}"}, "expires_in": 60},
    ADLSGen1AppendToFileOperator: {"path": "/raw/a", "data": b"1"},
    ADLSGen1ReadFileOperator: {"path": "/raw/a"},
    ADLSGen1ConcatenateOperator: {"source_path": "/raw/*.csv", "destination_path": "/archive"},
    ADLSGen1GetStatusOperator: {"path": "/raw"},
    ADLSGen1ContentSummaryOperator: {"path": "/raw"},
    ADLSGen1CheckAccessOperator: {"path": "/raw", "rights": "r-x"},
    ADLSGen1SetPermissionOperator: {"path": "/raw", "permission": "u=rwX,g=rX,o="},
    ADLSGen1SetOwnerOperator: {"path": ["/raw"], "new_owner": "someone", "new_group": "some"},
    ADLSGen1GetAclOperator: {"path": "/raw"},
    ADLSGen1SetAclOperator: {"path": "/raw", "acl": ACL},
    ADLSGen1ModifyAclOperator: {"path": "/raw", "acl": ["user:someone:r-x"]},
    ADLSGen1RemoveAclEntriesOperator: {"path": "/raw", "acl": "user:someone"},
    ADLSGen1RemoveDefaultAclOperator: {"path": "/raw"},
    ADLSGen1RemoveAclOperator: {"path": "/raw"},
    ADLSGen1SetExpiryOperator: {"path": "/raw/*", "expires_in": timedelta(days=1)},
    ADLSGen1ClearExpiryOperator: {"path": "/raw/*"},
    ADLSGen1ListTrashOperator: {"path": "/raw"},
    ADLSGen1RestoreOperator: {"path": "/raw/a", "destination_path": "/raw/b", "token": "a token"},
    ADLSGen1FileTransformOperator: {**MOVE, "transform_script": ["sort", "-u"], "script_args": ["-r"]},
}
_LAKE_PATHS = ("raw", "s3://bucket/raw", "adl:///raw", "", 5)
WRONG = {
    "include_files": ("yes",),
    "include_directories": ("yes",),
    "detail": ("yes",),
    "limit": (0, -1, 1.5, "5", True),
    "source_path": _LAKE_PATHS,
    "destination_path": (*_LAKE_PATHS, ["/raw"]),
    "data": ({"when": datetime(2026, 1, 1)}, {5}),  # noqa: DTZ001 - JSON takes none
    "encoding": ("utf-5", "base64", "", 5),
    "content_format": ("xml", 5),
    "max_bytes": (0, "5", True),
    "keep_sources": ("yes",),
    "expires_at": ("tomorrow", "2026-01-01", datetime(2026, 1, 1), 5, ""),  # noqa: DTZ001 - no zone
    "expires_in": (0, -1, "soon", "", timedelta(0), ["1"]),
    "since_creation": ("yes",),
    "ignore_if_denied": ("yes",),
    "rights": ("---", "rw", "xwr", "", 5),
    "new_owner": ("", 5),
    "new_group": ("", 5),
    "continue_on_failure": ("yes",),
    "acl": ("", "nobody", "user:a:r-x,user:a:rwx", [], 5, ["user::rwx", 5]),
    "token": ("", 5),
    "transform_script": ("", [], ["sort", 5], 5),
    "script_args": ("-r", ["-r", 5]),
    "env": ({"A": 5}, "A=5"),
    "python_callable": ("sort", 5),
    "op_kwargs": ({5: "a"}, "a"),
}
RENDERED = {"data": ANYTHING}
#: Arguments of which only one may be given.
EXCLUSIVE = {
    "expires_at": "expires_in",
    "expires_in": "expires_at",
    "python_callable": "transform_script",
}
#: What else an argument needs.
BESIDE = {"op_kwargs": {"transform_script": None, "script_args": None, "python_callable": print}}
