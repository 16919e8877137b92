"""Operators that look at one path."""

import uuid

import pytest

from airflow_provider_adls.model.errors import AccessDeniedError, PathNotFoundError
from airflow_provider_adls.operators.status import (
    ADLSGen1CheckAccessOperator,
    ADLSGen1ContentSummaryOperator,
    ADLSGen1GetStatusOperator,
)


@pytest.fixture
def file(hook):
    """A file in a directory."""
    hook.write_file("/d/f", "12345")
    return hook


def test_status(file, run):
    """The status of an existing path is returned, and None for a missing one only where that is allowed."""
    status = run(ADLSGen1GetStatusOperator, {"name": "f"}, path="/d/{{ name }}")
    assert (status["path"], status["type"], status["size"]) == ("/d/f", "file", 5)
    assert run(ADLSGen1GetStatusOperator, path="/e", ignore_if_missing=True) is None
    with pytest.raises(PathNotFoundError):
        run(ADLSGen1GetStatusOperator, path="/e")


def test_content_summary(file, run, account):
    """What is below a directory is counted, in the form that was asked."""
    assert run(ADLSGen1ContentSummaryOperator, path=f"adl://{account}/d") == {
        "path": f"adl://{account}.azuredatalakestore.net/d",
        "directories": 1,
        "files": 1,
        "bytes": 5,
    }


def test_access(file, run, emulator, connect):
    """A missing right fails the task, or is its result."""
    assert run(ADLSGen1CheckAccessOperator, path="/d", rights="{{ 'rwx' }}")["granted"] is True
    client_id, secret = str(uuid.uuid4()), "stranger~Secret.0123456789"
    emulator.add_principal(client_id, secret)
    arguments = {
        "path": "/d",
        "rights": "r--",
        "adls_gen1_conn_id": connect("stranger", login=client_id, password=secret),
    }
    file.set_permission("/", "771")
    assert run(ADLSGen1CheckAccessOperator, ignore_if_denied=True, **arguments)["granted"] is False
    with pytest.raises(AccessDeniedError):
        run(ADLSGen1CheckAccessOperator, **arguments)
