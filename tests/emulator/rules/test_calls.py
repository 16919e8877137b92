from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.rules import content, directories
from airflow_provider_adls.emulator.rules.calls import segments
from airflow_provider_adls.emulator.rules.refusals import Exists, Missing


def test_a_path_is_its_names():
    """The root has no names; others have one for each directory and the leaf."""
    assert segments("/") == []
    assert segments("/a") == ["a"]
    assert segments("/a/b c/d") == ["a", "b c", "d"]


def test_what_a_path_names(call):
    """A path is found with the directory that holds it; below a file, and below nothing, is neither."""
    content.create(call, "/d/f", b"")
    root, directory = call.locate("/d")
    assert (root, directory.name) == (call.root(), "d")
    assert call.locate("/d/f")[0] == directory
    assert call.locate("/d/none") == (directory, None)
    assert call.locate("/none/f") == (None, None)
    assert call.locate("/d/f/g") == (None, None)
    assert call.locate("/") == (None, root)


def test_a_file_in_the_way_is_named(call):
    """A file in place of a directory is named by its own path."""
    content.create(call, "/d/f", b"")
    with pytest.raises(Exists, match=r"^/d/f is a file"):
        call.holder("/d/f/g/h")


def test_an_account_that_is_gone_holds_nothing(call):
    """A call whose account was deleted while its content came finds and makes nothing."""
    call.store.remove(call.root())
    for action in (
        lambda: content.create(call, "/f", b"x"),
        lambda: content.append(call, "/f", b"x"),
        lambda: directories.make(call, "/d/e"),
        lambda: directories.status(call, "/"),
        lambda: directories.rename(call, "/f", "/g"),
    ):
        with pytest.raises(Missing):
            action()
    assert not directories.delete(call, "/f")
