"""In the place of the official Azure provider's hook: the same calls, the same results."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import AirflowException

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from tests.hooks import official_calls

OURS = "airflow_provider_adls.hooks.adls_gen1.ADLSGen1Hook"
GUIDE = Path(__file__).parents[2] / "docs" / "from-the-official-hook.md"
OFFICIAL = "airflow.providers.microsoft.azure.hooks.data_lake.AzureDataLakeHook"
#: Calls that end otherwise on purpose; each is named in docs/from-the-official-hook.md.
BUGS = {
    "a directory of one file": (True, False),
    "a glob from its end": (["a/a/1.csv"], []),
    "a glob of several": (False, True),
}
NEEDED = "apache-airflow-providers-microsoft-azure is not installed: `make test-long` has it"


def environment(emulator, account):
    """The proxy, and a connection of the official type."""
    connection = {
        "conn_type": "azure_data_lake",
        "login": emulator.client_id,
        "password": emulator.client_secret,
        "extra": {"tenant": emulator.tenant_id, "account_name": account},
    }
    return {
        "AIRFLOW_CONN_AZURE_DATA_LAKE_DEFAULT": json.dumps(connection),
        "HTTPS_PROXY": emulator.proxy_url,
        "REQUESTS_CA_BUNDLE": emulator.ca_file,
        "NO_PROXY": "",
    }


def run(hook, emulator, account, folder):
    """What a hook answers, in a process of its own, which changes nothing of it."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", official_calls.__file__, hook, str(folder)],
        env=os.environ | environment(emulator, account),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert emulator.client_secret not in done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def answers(emulator, tmp_path_factory):
    """What each hook says, by its class."""
    if importlib.util.find_spec("airflow.providers.microsoft") is None:
        pytest.skip(NEEDED)
    folder = tmp_path_factory.mktemp("official")
    found = {}
    for account, hook in (("official", OFFICIAL), ("ours", OURS)):
        emulator.create_account(account)
        found[hook] = run(hook, emulator, account, folder / account)
        emulator.delete_account(account)
    return found


@pytest.mark.parametrize("part", ["signatures", "calls", "files", "get_conn"])
def test_both_hooks_say_the_same(answers, part):
    """Signatures, results, errors and downloaded files are those of the official hook, unmodified."""
    assert answers[OFFICIAL][part] == answers[OURS][part]


def test_the_official_hook_s_bugs(answers):
    """Where the two differ, it is by the bugs that our documentation names."""
    both = {
        label: (said, answers[OURS]["bugs"][label])
        for label, said in answers[OFFICIAL]["bugs"].items()
        if said != answers[OURS]["bugs"][label]
    }
    failed, uploaded = both.pop("upload after a listing")
    assert (failed[0], uploaded) == ("TypeError", None)
    assert both == BUGS


def test_connection_of_the_official_type_works(emulator, account, tmp_path, monkeypatch):
    """Ours does all the calls through a connection that was made for the official hook."""
    for name, value in environment(emulator, account).items():
        monkeypatch.setenv(name, value)
    said = official_calls.answers(ADLSGen1Hook, tmp_path)
    calls = said["calls"]
    assert calls["list a directory"] == [
        "raw/one.csv",
        "raw/globbed/one.csv",
        "raw/tree/2.csv",
        "raw/tree/sub/empty",
        "raw/tree/sub/ä #1+%.csv",
    ]
    assert said["files"]["back/tree/2.csv"] == 6_000_000
    assert {label: ours for label, (_, ours) in BUGS.items()} == {
        label: said["bugs"][label] for label in BUGS
    }


def test_the_guide_s_code(emulator, account, adls_gen2_account, tmp_path, monkeypatch, capsys):
    """The code of our guide runs as it stands, but for the folder of its files and the account."""
    for name, value in environment(emulator, account).items():
        monkeypatch.setenv(name, value)
    extra = {"auth_method": "account_key", "account_name": adls_gen2_account.name, "container": "test"}
    gen2 = {"conn_type": "adls_gen1", "password": adls_gen2_account.key1, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_GEN2", json.dumps(gen2))
    (tmp_path / "day.csv").write_text("1\n")
    names = {}
    for block in re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL):
        if "airflow.providers.oracle" in block:
            # Its database is nobody's here; what it does with the lake, other guides' code does.
            compile(block, str(GUIDE), "exec")
            continue
        exec(block.replace("/data", str(tmp_path)).replace("mylake", account), names)
    assert (tmp_path / "back.csv").read_text() == "1\n"
    printed = capsys.readouterr().out
    assert "['raw/day.csv']" in printed
    assert "['sales/2026', 'sales/2026/day.csv']" in printed
    names["gen2"].service_client.close()
    assert names["lake"].ls("/") == []


def test_the_argument_s_other_name(hook):
    """The connection's id may be given by the official hook's name for it, and not by both."""
    assert ADLSGen1Hook(azure_data_lake_conn_id="adls_gen1_default").settings == hook.settings
    assert ADLSGen1Hook("x", azure_data_lake_conn_id="x").adls_gen1_conn_id == "x"
    with pytest.raises(TypeError, match="names for one argument"):
        ADLSGen1Hook("x", azure_data_lake_conn_id="y")


def test_check_for_file(hook):
    """A file is found by its path, whatever its name, and by a glob; a directory is not a file."""
    for name in ("/d/1.csv", "/d/[2].csv", "/e/f/1.csv"):
        hook.filesystem.pipe(name, b"x")
    found = {
        path: hook.check_for_file(path)
        for path in (
            "/d/1.csv",
            "d/1.csv",
            "/d/[2].csv",
            "/d/*.csv",
            "/d",
            "/e/f",
            "/e/*",
            "/d/3.csv",
            "/x/*",
        )
    }
    assert [path for path, there in found.items() if there] == [
        "/d/1.csv",
        "d/1.csv",
        "/d/[2].csv",
        "/d/*.csv",
    ]
    assert hook.check_for_file(f"adl://{hook.account_name}/d/1.csv")


def test_list_by_glob(hook):
    """A glob is compared from its beginning."""
    for name in ("/a/1.csv", "/a/a/2.csv"):
        hook.filesystem.pipe(name, b"x")
    assert hook.list("/a/*.csv") == ["a/1.csv"]
    assert hook.list("a/*/*.csv") == ["a/a/2.csv"]


def test_remove_what_is_missing(hook):
    """That nothing is there is no error, unless it is to be one."""
    hook.remove("/missing")
    with pytest.raises(AirflowException, match="File /missing not found"):
        hook.remove("/missing", ignore_not_found=False)


def test_transfers_after_a_listing(hook, tmp_path):
    """A listing that meets an empty directory leaves nothing behind that breaks the next transfer."""
    (tmp_path / "tree" / "hollow").mkdir(parents=True)
    (tmp_path / "tree" / "1.csv").write_text("1")
    hook.upload_file(str(tmp_path / "tree"), "/t")
    assert hook.list("/t") == ["t/1.csv"]
    hook.upload_file(str(tmp_path / "tree" / "1.csv"), "/u/1.csv")
    hook.download_file(str(tmp_path / "back"), "/t")
    assert (tmp_path / "back" / "hollow").is_dir()
    assert hook.check_for_file("/u/1.csv")
