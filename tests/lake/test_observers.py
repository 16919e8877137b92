"""Observers are called for each file that was read or written."""

from __future__ import annotations

import logging

import pytest

from airflow_provider_adls.lake import observers
from airflow_provider_adls.model.errors import PathNotFoundError


@pytest.fixture
def reported(monkeypatch):
    """The calls of an observer."""
    seen: list[tuple[str, str, str]] = []
    monkeypatch.setattr(observers, "_observers", [])
    observers.observe(lambda *one: seen.append(one))
    return seen


@pytest.fixture
def lake(hook, reported):
    """A file system with `/a`, which was not reported."""
    hook.filesystem.pipe("/a", b"1")
    reported.clear()
    return hook.filesystem


def test_reads_and_writes(lake, account, reported, tmp_path):
    """Whichever way content is moved, its file is reported by account and path."""
    lake.cat("/a")
    lake.get("/a", str(tmp_path / "a"))
    with lake.open("/a") as file:
        file.read()
    assert {("read", account, "/a")} == set(reported)
    reported.clear()

    lake.pipe("/pipe", b"1")
    lake.put(str(tmp_path / "a"), "/put")
    with lake.open("/open", "w") as file:
        file.write("1")
    with lake.open("/open", "a") as file:
        file.write("2")
    lake.pipe("/big", bytes(9 * 2**20))
    assert [("written", account, f"/{name}") for name in ("pipe", "put", "open", "open", "big")] == reported


def test_moves_copies_and_concatenations(lake, account, reported):
    """A file that is made from another is reported, and so is the other."""
    lake.cp("/a", "/b")
    assert [("read", account, "/a"), ("written", account, "/b")] == reported
    reported.clear()
    lake.mv("/b", "/c")
    assert [("read", account, "/b"), ("written", account, "/c")] == reported
    reported.clear()
    lake.concat("/all", ["/a", "/c"])
    assert [("read", account, "/a"), ("read", account, "/c"), ("written", account, "/all")] == reported


def test_failures_are_not_reported(lake, reported):
    """A file that is not there was not read, and one whose writing failed was not written."""
    with pytest.raises(PathNotFoundError):
        lake.cat_file("/none")
    lake.open("/half", "wb").discard()
    assert reported == []


def test_a_listing_reads_nothing(lake, reported):
    """Names and sizes are no content."""
    lake.ls("/")
    lake.info("/a")
    assert reported == []


def test_observers_harm_nothing(lake, reported, caplog):
    """One that fails is logged, and the others and the file system go on."""

    def fails(*_: str) -> None:
        raise ValueError("no")

    caplog.set_level(logging.DEBUG, logger=observers.__name__)
    observers._observers.insert(0, fails)

    assert lake.cat("/a") == b"1"
    assert len(reported) == 1
    assert "failed" in caplog.text


def test_observers_are_called_once(reported):
    """An observer that is registered twice is called once."""
    seen: list[str] = []

    def one(*_: str) -> None:
        seen.append("reported")

    observers.observe(one)
    observers.observe(one)
    observers.report("read", "mylake", "/a")
    assert seen == ["reported"]
