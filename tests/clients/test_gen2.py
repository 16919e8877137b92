"""Clients that others wrote for storage accounts: each reads and writes through its own implementation.

Each runs in a process of its own, with nothing but the environment that leads it to the emulator.
"""

from __future__ import annotations

import json
import os
import shutil
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
OFFICIAL_HOOK = """
import json, os, tempfile
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp()
os.environ["AIRFLOW_CONN_LAKE"] = json.dumps(
    {"conn_type": "adls", "host": account, "password": key}
)
from airflow.providers.microsoft.azure.hooks.data_lake import AzureDataLakeStorageV2Hook
hook = AzureDataLakeStorageV2Hook("lake")
tested, why = hook.test_connection()
assert tested, why
open("local", "w").write("abc")
hook.upload_file("raw", f"official/{name}", "local", overwrite=True)
directory = hook.get_directory_client("raw", "official")
listed = hook.list_files_directory("raw", "official")
print(listed == [f"official/{name}"], directory.get_file_client(name).download_file().readall())
"""
OFFICIAL_PATHS = """
import json, os, tempfile
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp()
parts = {"AccountName": account, "AccountKey": key, "EndpointSuffix": "core.windows.net"}
text = ";".join(f"{one}={value}" for one, value in {"DefaultEndpointsProtocol": "https", **parts}.items())
os.environ["AIRFLOW_CONN_BLOB"] = json.dumps({"conn_type": "wasb", "extra": {"connection_string": text}})
lake = {"account_name": account, "container": "raw"}
os.environ["AIRFLOW_CONN_ADLS_GEN1_DEFAULT"] = json.dumps(
    {"conn_type": "adls_gen1", "password": key, "extra": {"auth_method": "account_key", **lake}}
)
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
hook = ADLSGen1Hook()
hook.filesystem.pipe({"/in/1.csv": b"1", "/in/a/day 2%.csv": b"22"})
sent = hook.import_objects("abfss://blob@raw/in", "/fetched")
back = hook.export_objects("/fetched", "abfss://raw/out", destination_conn_id="blob")
print(sent["files"], back["files"], hook.read_file("/out/a/day 2%.csv"))
"""
NPM = """
const {DataLakeServiceClient, StorageSharedKeyCredential} = require("@azure/storage-file-datalake");
const credential = new StorageSharedKeyCredential(account, key);
const service = new DataLakeServiceClient(`https://${account}.dfs.core.windows.net`, credential);
(async () => {
  const files = service.getFileSystemClient("raw");
  const file = files.getDirectoryClient("npm").getFileClient(name);
  await file.create();
  await file.append(Buffer.from("abc"), 0, 3);
  await file.flush(3);
  await file.move("npm/moved");
  const listed = [];
  for await (const path of files.listPaths({path: "npm"})) listed.push(path.name);
  console.log(JSON.stringify(listed), (await files.getFileClient("npm/moved").readToBuffer()).toString());
})();
"""


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        pytest.param(ADLFS, "['raw/adlfs/moved'] b'abc'", id="adlfs"),
        pytest.param(OBSTORE, "['obstore/moved'] b'abc'", id="obstore"),
        pytest.param(OPENDAL, "['opendal/moved'] b'abc'", id="opendal"),
        pytest.param(DELTALAKE, "1 [0, 1]", id="deltalake"),
        pytest.param(OFFICIAL_HOOK, "True b'abc'", id="official hook"),
        pytest.param(OFFICIAL_PATHS, "2 2 22", id="official paths"),
    ],
)
def test_files_come_back(emulator, adls_gen2_account, program, printed, tmp_path):
    """What each client writes, moves and lists is there, by the names of the cloud and an account key."""
    values = "".join(f"{name} = {value!r}\n" for name, value in given(emulator, adls_gen2_account).items())
    assert run(emulator, [sys.executable, "-c", f"{values}{program}"], tmp_path) == printed


@pytest.mark.skipif(shutil.which("npm") is None, reason="there is no npm")
def test_files_come_back_by_node(emulator, adls_gen2_account, tmp_path, monkeypatch):
    """Node's client writes, moves, lists and reads, through the proxy that its environment names."""
    values = "".join(
        f"const {name} = {json.dumps(value)};\n" for name, value in given(emulator, adls_gen2_account).items()
    )
    (tmp_path / "program.js").write_text(f"{values}{NPM}")
    monkeypatch.delenv("HTTPS_PROXY")
    package = "@azure/storage-file-datalake@12.29.0"
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", package], cwd=tmp_path, check=True)
    assert run(emulator, ["node", "program.js"], tmp_path) == '["npm/moved"] abc'


def given(emulator, account):
    """Return what each program begins with."""
    emulator.create_storage_account(account.name, ["raw"])
    return {"account": account.name, "key": account.key1, "name": NAME, "proxy": emulator.proxy_url}


def run(emulator, command, folder):
    """Run a program in an environment that leads it to the emulator, and return what it prints at the end."""
    # The folder of the Gen1 clients holds an older adlfs.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"HTTPS_PROXY": emulator.proxy_url, "SSL_CERT_FILE": emulator.ca_file}
    environment |= {"REQUESTS_CA_BUNDLE": emulator.ca_file, "NODE_EXTRA_CA_CERTS": emulator.ca_file}
    environment |= {"NO_PROXY": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]
