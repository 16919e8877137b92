"""What is at a path, through the hook."""

import json
import uuid

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import AccessDeniedError, PathNotFoundError


@pytest.fixture
def file(hook):
    """A file with permission and expiry."""
    hook.write_file("/d/f", "12345", permission="640")
    hook.set_expiry("/d/f", expires_at="2050-01-01T00:00:00+00:00")
    return hook


def test_status(file, account):
    """What the service says of a file and of a directory, as JSON."""
    status = file.get_status(f"adl://{account}/d/f")
    assert status == json.loads(json.dumps(status))
    assert status["path"] == f"adl://{account}.azuredatalakestore.net/d/f"
    assert (status["type"], status["size"], status["permission"]) == ("file", 5, "640")
    assert (status["expires"], status["has_acl"]) == ("2050-01-01T00:00:00+00:00", False)
    directory = file.get_status("/d")
    assert (directory["path"], directory["type"], directory["expires"]) == ("/d", "directory", None)


def test_missing(file):
    """A missing path is an answer for `exists` and `find_status`."""
    assert [file.exists(path) for path in ("/d", "/d/f", "/e")] == [True, True, False]
    assert file.find_status("/e") is None
    with pytest.raises(PathNotFoundError):
        file.get_status("/e")


def test_content_summary(file):
    """Directories, files and bytes below a path."""
    file.write_file("/d/e/g", "123")
    assert file.content_summary("/d") == {"path": "/d", "directories": 2, "files": 2, "bytes": 8}
    assert file.content_summary("/d/f") == {"path": "/d/f", "directories": 0, "files": 1, "bytes": 5}


def test_access(file, connect, emulator):
    """Rights are there or not, and where they have to be their lack is an error."""
    assert file.check_access("/d/f", "rw-") == {"path": "/d/f", "rights": "rw-", "granted": True}
    client_id, secret = str(uuid.uuid4()), "stranger~Secret.0123456789"
    emulator.add_principal(client_id, secret)
    hook = ADLSGen1Hook(connect("stranger", login=client_id, password=secret))
    # Below the root, which lets through who has no rights elsewhere.
    file.set_permission("/", "771")
    assert hook.check_access("/d", "r--", ignore_if_denied=True)["granted"] is False
    with pytest.raises(AccessDeniedError, match="r--"):
        hook.check_access("/d", "r--")
    with pytest.raises(PathNotFoundError):
        file.check_access("/e", "r--")
