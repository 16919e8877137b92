"""`doctor`, as scripts read it; what its steps find is tested with them."""

from __future__ import annotations


def test_steps_as_json(run, connect, emulator):
    """Each step is a record; the status is 1 if one failed."""
    ended = run("doctor", "--json", "--conn-id", connect())
    assert ended.status == 0
    assert [record["ok"] for record in ended.records] == [True] * 7
    assert ended.records[0].keys() == {"step", "ok", "message", "remark"}
    secret = "wrong~Secret.0123456789"
    ended = run("doctor", "--json", "--conn-id", connect(login=emulator.client_id, password=secret))
    assert (ended.status, [record["ok"] for record in ended.records]) == (1, [True, False, False])
    assert secret not in ended.out + ended.err


def test_doctor_needs_a_connection(run):
    """Without a connection's id there is nothing to look at: status 2."""
    ended = run("doctor")
    assert ended.status == 2
    assert "'--conn-id'" in ended.err


def test_remarks(run, connect):
    """What is to be looked at stands in its step's record, and all is not said to be well."""
    records = run("doctor", "--json", "--conn-id", connect(**{"read-timeout": 5})).records
    assert [record["remark"] for record in records][:2] == ["nothing reads 'read-timeout' of its Extra", None]
    assert "All is well" not in run("doctor", "--conn-id", connect(account_name="")).out
