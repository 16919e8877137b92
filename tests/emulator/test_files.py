"""Private files."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.files import private_folder, write_private, write_whole


def test_content_is_the_owners_alone(tmp_path):
    """A file is replaced as a whole and readable by its owner only, whatever it was before."""
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_content_of_others_is_theirs_too(tmp_path):
    """What is no secret has the mode that was asked for, and is as whole."""
    write_whole(tmp_path / "ca", b"content", 0o644)
    assert (tmp_path / "ca").stat().st_mode & 0o777 == 0o644
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"content"]


def test_failed_write_leaves_nothing(tmp_path):
    """A path that cannot be written leaves no temporary file beside it."""
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_private(tmp_path / "taken", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_folder_that_was_open_is_closed(tmp_path):
    """A folder that others could enter is made private."""
    (tmp_path / "private").mkdir(mode=0o755)
    assert private_folder(tmp_path / "private").stat().st_mode & 0o777 == 0o700
