"""Clients that others wrote for storage accounts: each reads and writes through its own implementation.

Each runs in a process of its own, with nothing but the environment that leads it to the emulator.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.clients

#: A run id as Airflow makes them, and signs that URLs and globs know.
NAME = "scheduled__2026-11-29T00:00:00+00:00 é%#.csv"
ADLFS = """
from adlfs import AzureBlobFileSystem
lake = AzureBlobFileSystem(account_name=account, account_key=key)
lake.pipe(f"raw/adlfs/{name}", b"abc")
lake.mv(f"raw/adlfs/{name}", "raw/adlfs/moved")
print(lake.ls("raw/adlfs"), lake.cat("raw/adlfs/moved"))
"""
OBSTORE = """
import obstore
from obstore.store import AzureStore
store = AzureStore("raw", account_name=account, account_key=key, client_options={"proxy_url": proxy})
obstore.put(store, f"obstore/{name}", b"abc")
obstore.rename(store, f"obstore/{name}", "obstore/moved")
listed = [each["path"] for each in obstore.list(store, "obstore").collect()]
print(listed, bytes(obstore.get(store, "obstore/moved").bytes()))
"""
OPENDAL = """
import opendal
url = f"https://{account}.dfs.core.windows.net"
lake = opendal.Operator("azdls", endpoint=url, account_name=account, account_key=key, filesystem="raw")
lake.write(f"opendal/{name}", b"abc")
lake.rename(f"opendal/{name}", "opendal/moved")
listed = [each.path for each in lake.list("opendal/") if not each.path.endswith("/")]
print(listed, bytes(lake.read("opendal/moved")))
"""
DELTALAKE = """
import deltalake, pyarrow
options = {"account_name": account, "account_key": key}
table = f"abfss://raw@{account}.dfs.core.windows.net/delta"
for number in range(2):
    rows = pyarrow.table({"number": [number]})
    deltalake.write_deltalake(table, rows, mode="append", storage_options=options)
found = deltalake.DeltaTable(table, storage_options=options)
print(found.version(), sorted(found.to_pyarrow_table()["number"].to_pylist()))
"""


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        pytest.param(ADLFS, "['raw/adlfs/moved'] b'abc'", id="adlfs"),
        pytest.param(OBSTORE, "['obstore/moved'] b'abc'", id="obstore"),
        pytest.param(OPENDAL, "['opendal/moved'] b'abc'", id="opendal"),
        pytest.param(DELTALAKE, "1 [0, 1]", id="deltalake"),
    ],
)
def test_files_come_back(emulator, adls_gen2_account, program, printed, tmp_path):
    """What each client writes, moves and lists is there, by the names of the cloud and an account key."""
    emulator.create_storage_account(adls_gen2_account.name, ["raw"])
    given = {"account": adls_gen2_account.name, "key": adls_gen2_account.key1, "name": NAME}
    given["proxy"] = emulator.proxy_url
    values = "".join(f"{name} = {value!r}\n" for name, value in given.items())
    # The folder of the Gen1 clients holds an older adlfs.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"HTTPS_PROXY": emulator.proxy_url, "SSL_CERT_FILE": emulator.ca_file}
    environment |= {"REQUESTS_CA_BUNDLE": emulator.ca_file, "NO_PROXY": ""}
    done = subprocess.run(
        [sys.executable, "-c", f"{values}{program}"],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, printed), done.stderr
