"""What an operator changes stands in the task's log, whatever becomes an XCom."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from airflow_provider_adls.operators.acls import ADLSGen1ModifyAclOperator
from airflow_provider_adls.operators.content import (
    ADLSGen1AppendToFileOperator,
    ADLSGen1ConcatenateOperator,
    ADLSGen1CreateFileOperator,
    ADLSGen1ReadFileOperator,
)
from airflow_provider_adls.operators.expiry import ADLSGen1SetExpiryOperator
from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
    ADLSGen1MoveOperator,
)
from airflow_provider_adls.operators.rights import ADLSGen1SetPermissionOperator
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator
from airflow_provider_adls.operators.trash import ADLSGen1RestoreOperator
from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator


def copy(source, target):
    Path(target).write_bytes(Path(source).read_bytes())


@pytest.mark.parametrize(
    ("operator", "arguments", "line"),
    [
        (ADLSGen1CreateDirectoryOperator, {"path": "/new"}, "Made the directory, unless it existed: /new"),
        (ADLSGen1CreateFileOperator, {"path": "/a.txt", "data": "é"}, "Wrote 2 bytes: /a.txt"),
        (ADLSGen1AppendToFileOperator, {"path": "/a.txt", "data": "12"}, "Appended 2 bytes: /a.txt"),
        (
            ADLSGen1ConcatenateOperator,
            {"source_path": "/raw/*.csv", "destination_path": "/all.csv"},
            "Joined 2 files to /all.csv, of 2 bytes: /raw/1.csv, /raw/2.csv",
        ),
        (
            ADLSGen1DeleteOperator,
            {"path": "/raw/*.csv"},
            "Deleted 2 paths: /raw/1.csv, /raw/2.csv",
        ),
        (
            ADLSGen1MoveOperator,
            {"source_path": "/raw/*.csv", "destination_path": "/done/"},
            "Moved 2 paths to /done: /raw/1.csv, /raw/2.csv",
        ),
        (
            ADLSGen1SetPermissionOperator,
            {"path": "/raw/1.csv", "permission": "640"},
            "Changed 0 directories and 1 file: /raw/1.csv",
        ),
        (
            ADLSGen1ModifyAclOperator,
            {"path": "/raw", "acl": "user:6f7a0a55-34c8-45fb-8f0e-0c6f2c0d6f3d:r-x", "recursive": True},
            "Changed 1 directory and 2 files in: /raw",
        ),
        (
            ADLSGen1SetExpiryOperator,
            {"path": "/raw/*.csv", "expires_in": 3600},
            "Changed 0 directories and 2 files: /raw/1.csv, /raw/2.csv",
        ),
        (
            ADLSGen1FileTransformOperator,
            {"source_path": "/raw/1.csv", "destination_path": "/out.csv", "python_callable": copy},
            "Transformed 1 file to: /out.csv",
        ),
        (ADLSGen1RestoreOperator, {"path": "/gone.csv"}, "Restored /gone.csv as: /gone.csv"),
        (ADLSGen1ListOperator, {"path": "/raw"}, "Found 2 paths: /raw/1.csv, /raw/2.csv"),
        (ADLSGen1ListOperator, {"path": "/raw/1*", "detail": True}, "Found 1 path: /raw/1.csv"),
        (ADLSGen1ReadFileOperator, {"path": "/raw/1.csv"}, "Read: /raw/1.csv"),
        (
            ADLSGen1CreateFileOperator,
            {"path": "/raw/1.csv", "data": "1", "overwrite": False},
            "Left as it is, for it holds these bytes already: /raw/1.csv",
        ),
    ],
)
def test_a_change_is_logged(hook, caplog, operator, arguments, line):
    """Each operator logs what it did and with which paths, without an XCom too."""
    hook.filesystem.pipe({"/raw/1.csv": b"1", "/raw/2.csv": b"2", "/gone.csv": b"3"})
    hook.delete_paths("/gone.csv")
    caplog.set_level(logging.INFO)
    caplog.clear()
    operator(task_id="task", do_xcom_push=False, **arguments).execute({})
    assert line in caplog.messages


@pytest.mark.parametrize(
    ("operator", "arguments", "named"),
    [
        (
            ADLSGen1DeleteOperator,
            {"path": "/raw", "recursive": True, "older_than": 0.001},
            '["/raw/ä 1.csv"]',
        ),
        (ADLSGen1MoveOperator, {"source_path": "/raw/*", "destination_path": "/to/"}, '"/to/ä 1.csv"'),
        (ADLSGen1SetPermissionOperator, {"path": "/raw/*", "permission": "640"}, '["/raw/ä 1.csv"]'),
        (ADLSGen1CopyOperator, {"source_path": "/raw", "destination_path": "/to"}, '["/to/ä 1.csv"]'),
    ],
)
def test_a_preview_is_logged(hook, caplog, operator, arguments, named):
    """A preview's log says that nothing was done, and names what would be changed."""
    hook.filesystem.pipe("/raw/ä 1.csv", b"1")
    caplog.set_level(logging.INFO)
    time.sleep(0.01)
    operator(task_id="task", preview=True, do_xcom_push=False, **arguments).execute({})
    (line,) = (line for line in caplog.messages if line.startswith("Preview, nothing was done: "))
    assert named in line


def test_two_accounts(hook, emulator, connect, caplog):
    """Where a task works on two accounts, its log names both."""
    account = "logsother"
    emulator.create_account(account)
    connect("other", account_name=account, container="")
    hook.filesystem.pipe({"/raw/1.csv": b"1", "/raw/2.csv": b"2"})
    caplog.set_level(logging.INFO)
    copy = ADLSGen1CopyOperator(
        task_id="copy", source_path="/raw", destination_path="/raw", destination_conn_id="other"
    )
    copy.execute({})
    assert f"From account {hook.place('/').account} to account {account}" in caplog.messages
    caplog.clear()
    move = ADLSGen1MoveOperator(
        task_id="move", source_path="/raw", destination_path="/moved", destination_conn_id="other"
    )
    move.execute({})
    assert f"Moving to /moved in account {account}: /raw" in caplog.messages
    assert any(line.startswith("2 files, 2 B to /moved in ") for line in caplog.messages)
    assert f"Moved 1 path to /moved in account {account}: /raw" in caplog.messages


def test_many_paths(hook, caplog):
    """A preview logs no change, and only the first hundred paths of many are named."""
    hook.filesystem.pipe({f"/many/{number:03}": b"" for number in range(103)})
    caplog.set_level(logging.INFO)
    caplog.clear()
    ADLSGen1DeleteOperator(task_id="task", path="/many/*", preview=True).execute({})
    assert not any("Deleted" in message for message in caplog.messages)
    ADLSGen1DeleteOperator(task_id="task", path="/many/*").execute({})
    (line,) = (message for message in caplog.messages if "Deleted" in message)
    assert line.startswith("Deleted 103 paths: /many/000, ")
    assert line.endswith("/many/099, and 3 more")
