"""The command line: what belongs to no command alone, and the doctor."""

from __future__ import annotations

import json
import sys

import pytest

from airflow_provider_adls import cli
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

STEPS = [
    "connection",
    "sign-in for accounts",
    "account",
    "sign-in for files",
    "file system",
    "rights",
    "round trip of a file",
]


def steps(text):
    """State and name of each step that was printed."""
    lines = [line for line in text.splitlines() if line[:8] in ("ok      ", "FAILED  ")]
    return [(line[:6].strip(), line[8:].split(":")[0]) for line in lines]


def test_doctor_finds_nothing(adls_gen1_connection, hook, emulator, capsys):
    """A connection that is right goes through every step, and leaves no file behind."""
    assert cli.main(["doctor", "--conn-id", adls_gen1_connection]) == 0
    printed = capsys.readouterr()
    assert [("ok", step) for step in STEPS] == steps(printed.out)
    assert printed.out.endswith("All is well.\n")
    assert hook.filesystem.find("/") == []
    assert emulator.client_secret not in printed.out + printed.err


def test_doctor_and_a_wrong_secret(connect, emulator, capsys):
    """What the sign-in is refused for is said, steps behind it are left out, and the status is 1."""
    secret = "wrong~Secret.0123456789"
    conn_id = connect(login=emulator.client_id, password=secret)
    assert cli.main(["doctor", "--conn-id", conn_id]) == 1
    printed = capsys.readouterr()
    expected = [("ok", STEPS[0]), ("FAILED", STEPS[1]), ("FAILED", STEPS[3])]
    assert expected == steps(printed.out)
    assert "enter the secret's Value" in printed.out
    assert secret not in printed.out + printed.err


def test_doctor_and_an_account_elsewhere(connect, emulator, account, capsys):
    """Without a resource group the account is looked for in the subscription, and missed where it is not."""
    subscription = emulator.subscription_id
    conn_id = connect(resource_group=None, subscription_id=subscription)
    assert cli.main(["doctor", "--conn-id", conn_id]) == 0
    assert f"account: account {account} is in the subscription\n" in capsys.readouterr().out
    assert cli.main(["doctor", "--conn-id", connect(account_name="nosuchlake", resource_group=None)]) == 1
    assert "account: accounts.list in account nosuchlake: it is not there. What to" in capsys.readouterr().out


def test_doctor_and_a_misspelt_key(connect, capsys):
    """A key of Extra that nothing reads is reported, by the connection's test too."""
    conn_id = connect(**{"read-timeout": 5})
    assert cli.main(["doctor", "--conn-id", conn_id]) == 0
    printed = capsys.readouterr().out
    assert "; nothing reads 'read-timeout' of its Extra\n" in printed
    assert "All is well" not in printed
    assert printed.endswith("No step failed, but look at this: nothing reads 'read-timeout' of its Extra.\n")
    right, said = ADLSGen1Hook(conn_id).test_connection()
    assert right
    assert said.endswith(". Connection: nothing reads 'read-timeout' of its Extra.")


def test_doctor_without_an_account(connect, capsys):
    """Where no account was asked, not all is well."""
    assert cli.main(["doctor", "--conn-id", connect(account_name="")]) == 0
    printed = capsys.readouterr().out
    assert "file system: the connection has no account_name, so no account was asked" in printed
    assert printed.endswith("No step failed, but look at this: the connection has no account_name.\n")


def test_doctor_says_one_refusal_once(connect, emulator, capsys, closed_port):
    """A sign-in that fails for one reason for both services has its reason said once."""
    where = f"https://127.0.0.1:{closed_port}"
    custom = {"cloud": "custom", "resource_manager": where, "authority": where, "retries": 0}
    audience = {"resource_manager_audience": "https://management.core.windows.net/", "endpoint": where}
    signing_in = {"login": emulator.client_id, "password": "secret", "tenant_id": emulator.tenant_id}
    assert cli.main(["doctor", "--conn-id", connect(**custom, **audience, **signing_in)]) == 1
    printed = capsys.readouterr().out
    assert printed.count("could not be reached") == 1
    assert "FAILED  sign-in for files: refused as the sign-in above\n" in printed
    assert ADLSGen1Hook().test_connection()[1].count("could not be reached") == 1


def test_doctor_and_a_secret_of_one_letter(connect, emulator, capsys):
    """A value that is in many words leaves the lines as they are."""
    assert cli.main(["doctor", "--conn-id", connect(login=emulator.client_id, password="a")]) == 1
    printed = capsys.readouterr().out
    assert "enter the secret's Value, which the portal shows once" in printed
    assert "***" not in printed


def test_doctor_and_missing_rights(connect, emulator, capsys):
    """Missing role and rights are reported at their steps, each with what to do."""
    client_id, secret = "66666666-6666-4666-8666-666666666666", "good~Secret.0123456789"
    emulator.add_principal(client_id, secret)
    assert cli.main(["doctor", "--conn-id", connect(login=client_id, password=secret)]) == 1
    printed = capsys.readouterr().out
    failed = [step for state, step in steps(printed) if state == "FAILED"]
    assert failed == ["account", "rights"]
    assert "round trip" not in printed
    assert "Reader to look" in printed
    assert "this client may do nothing" in printed


def test_doctor_of_a_directory(adls_gen1_connection, hook, capsys):
    """The file may go to another directory than the root, and a missing directory is reported."""
    hook.make_directory("/mine")
    assert cli.main(["doctor", "--conn-id", adls_gen1_connection, "--path", "/mine"]) == 0
    assert "read, write, execute on /mine" in capsys.readouterr().out
    assert cli.main(["doctor", "--conn-id", adls_gen1_connection, "--path", "/mien"]) == 1
    assert "but 'mine'" in capsys.readouterr().out
    assert hook.filesystem.ls("/", detail=False) == ["/mine"]


# Airflow's commands take a busy machine a minute each, and its database as long.
@pytest.mark.timeout(900)
def test_doctor_of_a_stored_connection(connect, airflow_home, account, tmp_path):
    """A connection in Airflow's database is found, as by Airflow's own commands."""
    connect()
    extra = json.dumps({"cloud": "emulator", "account_name": account, "resource_group": "rg"})
    (tmp_path / "connections.json").write_text(
        json.dumps({"stored_lake": {"conn_type": "adls_gen1", "extra": extra}})
    )
    code, said = airflow_home.run("airflow", "connections", "import", str(tmp_path / "connections.json"))
    assert code == 0, said

    code, said = airflow_home.run("airflow_provider_adls.cli", "doctor", "--conn-id", "stored_lake")

    assert [("ok", step) for step in STEPS] == steps(said)
    assert code == 0


def test_doctor_without_connection(capsys, monkeypatch):
    """A missing connection is reported by its id."""
    monkeypatch.delenv("AIRFLOW_CONN_NO_SUCH", raising=False)
    assert cli.main(["doctor", "--conn-id", "no_such"]) == 1
    assert "no_such" in capsys.readouterr().out


def test_doctor_of_a_field(connect, capsys):
    """A malformed field ends it at the first step."""
    assert cli.main(["doctor", "--conn-id", connect(tenant_id="not a tenant")]) == 1
    assert steps(capsys.readouterr().out) == [("FAILED", "connection")]


def test_no_command(capsys):
    """All commands are in the help, by section."""
    assert cli.main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert "doctor" in printed
    assert "emulator" in printed
    assert "Transfers:" in printed
    assert "  sync " in printed


def test_emulator_that_cannot_start(capsys):
    """What keeps the emulator from starting is one line, and status 2."""
    assert cli.main(["emulator", "start", "--in-memory", "--account", "NO"]) == 2
    assert "adls-gen1: error: " in capsys.readouterr().err


def test_doctor_without_airflow(monkeypatch, capsys):
    """Where there is no Airflow, that is said."""
    monkeypatch.setitem(sys.modules, "airflow_provider_adls.hooks.doctor", None)
    assert cli.main(["doctor", "--conn-id", "x"]) == 2
    assert "the doctor needs Airflow" in capsys.readouterr().err
