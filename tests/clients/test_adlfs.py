"""adlfs's file system of Gen1, as its last release had it."""

from __future__ import annotations

import pytest

pytestmark = [
    pytest.mark.clients,
    # The SDK of version 0 was written for older Pythons.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning"),
]


@pytest.fixture
def lake(emulator, account):
    from adlfs import AzureDatalakeFileSystem

    return AzureDatalakeFileSystem(
        tenant_id=emulator.tenant_id,
        client_id=emulator.client_id,
        client_secret=emulator.client_secret,
        store_name=account,
        skip_instance_cache=True,
    )


def test_files_come_back_through_its_interface(lake, tmp_path):
    """Written, appended to, listed, read in part and whole, fetched and removed."""
    data = b"0123456789" * 600_000
    lake.mkdir("/raw")
    with lake.open("/raw/a b%+#.bin", "wb") as file:
        file.write(data)
    with lake.open("/raw/a b%+#.bin", "ab") as file:
        file.write(b"end")
    lake.touch("/raw/empty")
    assert lake.find("/raw") == ["raw/a b%+#.bin", "raw/empty"]
    assert (lake.size("/raw/a b%+#.bin"), lake.du("/raw")) == (len(data) + 3, len(data) + 3)
    assert lake.cat_file("/raw/a b%+#.bin", start=10, end=14) == b"0123"
    lake.get("/raw/a b%+#.bin", str(tmp_path / "fetched"))
    assert (tmp_path / "fetched").read_bytes() == data + b"end"
    lake.put(str(tmp_path / "fetched"), "/raw/put")
    assert lake.cat("/raw/put") == data + b"end"
    lake.rm("/raw", recursive=True)
    assert lake.ls("/") == []


def test_what_is_missing_is_a_file_not_found(lake):
    """Python's own error for a missing file is what its users see."""
    assert not lake.exists("/none")
    with pytest.raises(FileNotFoundError):
        lake.open("/none", "rb")
