"""The memory that one big file takes, through the file system and by operators."""

from __future__ import annotations

import contextlib
import gc
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

SIZE = 2 * 2**30
#: Of one process, which says as `VmHWM` the most memory that it had since `clear_refs` was written.
PROCESS = Path("/proc/self")
pytestmark = pytest.mark.skipif(not (PROCESS / "clear_refs").exists(), reason="Linux says a process's memory")


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service in another process, so that what it holds counts for nobody's memory."""
    ready_file = tmp_path_factory.mktemp("service") / "ready.json"
    command = [str(Path(sys.executable).with_name("adls-gen1")), "emulator", "start", "--in-memory"]
    accounts = ["--account", "lake", "--storage-account", "lake2=files"]
    ports = ["--port", "0", "--proxy-port", "0", "--ready-file", str(ready_file)]
    started = subprocess.Popen([*command, *accounts, *ports], stdout=subprocess.DEVNULL)
    try:
        while not ready_file.exists():
            assert started.poll() is None
            time.sleep(0.05)
        yield ready_file
    finally:
        started.terminate()
        started.wait()


@contextlib.contextmanager
def taking_at_most(mebibytes):
    """Hold what a block takes beyond the idle process."""
    gc.collect()
    (PROCESS / "clear_refs").write_text("5")
    idle = memory("VmRSS")
    yield
    taken = (memory("VmHWM") - idle) / 1024
    print(f"\n{taken:.0f} MiB over idle")
    assert taken <= mebibytes


def memory(field):
    """Return a figure of this process's memory, in KiB."""
    lines = (PROCESS / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", ["fsspec", "operator"])
@pytest.mark.parametrize("container", [None, "files"], ids=["gen1", "gen2"])
def test_memory_of_a_file_of_2_gib(service, monkeypatch, tmp_path, container, way):
    """A file takes at most 80 MiB on its way up and 48 on its way down."""
    extra = {"account_name": "lake2", "container": container} if container else {"account_name": "lake"}
    stored = {"conn_type": "adls_gen1", "extra": {"cloud": "emulator", **extra}}
    monkeypatch.setenv("ADLS_GEN1_EMULATOR", str(service))
    monkeypatch.setenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT", json.dumps(stored))
    files = ADLSGen1Hook().filesystem
    local, back, remote = tmp_path / "big", tmp_path / "back", f"/{way}"
    with local.open("wb") as file:
        file.truncate(SIZE)
    # What is loaded and connected once is not of the file.
    LocalToADLSGen1Operator(task_id="first", local_path=__file__, remote_path="/first").execute({})
    with taking_at_most(80):
        if way == "fsspec":
            files.put_file(str(local), remote)
        else:
            LocalToADLSGen1Operator(task_id="up", local_path=str(local), remote_path=remote).execute({})
    local.unlink()
    with taking_at_most(48):
        if way == "fsspec":
            files.get_file(remote, str(back))
        else:
            ADLSGen1ToLocalOperator(task_id="down", remote_path=remote, local_path=str(back)).execute({})
    assert back.stat().st_size == SIZE
    back.unlink()
    files.rm(remote)
