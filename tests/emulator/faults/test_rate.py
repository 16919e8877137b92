"""A rule that throttles beyond a rate of requests."""

from __future__ import annotations

import pytest
import requests
from azure.core.exceptions import HttpResponseError
from azure.storage.filedatalake import DataLakeServiceClient

from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults.faults import Faults
from airflow_provider_adls.emulator.faults.rate import Rate


def test_a_bucket_for_each_account():
    """A tenth of a second's requests may come at once, then they come at the rate, account by account."""
    now = [0.0]
    rate = Rate(50, lambda: now[0])
    assert [rate.take("a") for _ in range(7)] == [True] * 5 + [False] * 2
    assert rate.take("b")
    now[0] = 0.04
    assert [rate.take("a") for _ in range(3)] == [True, True, False]
    now[0] = 100.0
    assert [rate.take("a") for _ in range(6)] == [True] * 5 + [False]


def test_a_slow_rate_lets_one_pass():
    """A rate below ten a second lets one request pass at a time."""
    now = [0.0]
    rate = Rate(1, lambda: now[0])
    assert [rate.take("a"), rate.take("a")] == [True, False]
    now[0] = 1.0
    assert rate.take("a")


def test_requests_beyond_the_rate_are_throttled(emulator, ask):
    """The service's own error of throttling answers them, and the rule counts them."""
    with emulator.fault(rate=1) as fault:
        answers = [ask("GET", "/", op="GETFILESTATUS") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert answers[1].json()["RemoteException"]["exception"] == "ThrottledException"
    assert (fault.matched, fault.fired) == (3, 2)
    assert fault.to_json()["rate"] == 1
    assert ask("GET", "/", op="GETFILESTATUS").status_code == 200


def test_storage_accounts_are_busy():
    """A rule for all services throttles storage accounts with their own status."""
    with Emulator(storage_accounts=["gen2=raw"]) as emulator:
        account = emulator.ready["storage_accounts"]["gen2"]
        client = DataLakeServiceClient(
            account["dfs_url"], account["key1"], connection_verify=emulator.ca_file, retry_total=0
        )
        files = client.get_file_system_client("raw")
        url = f"{emulator.url}/emulator/faults"
        added = requests.post(url, json={"rate": 1, "retry_after": 2}, verify=emulator.ca_file)
        assert added.ok
        files.get_file_client("f").create_file()
        with pytest.raises(HttpResponseError) as caught:
            files.get_file_client("f").create_file()
        client.close()
    assert (caught.value.status_code, caught.value.error_code) == (503, "ServerBusy")
    assert caught.value.response.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("rate", {"rate": 0}),
        ("rate", {"rate": "500"}),
        ("rate", {"rate": True}),
        ("nth", {"rate": 5, "nth": 1}),
        ("times", {"rate": 5, "times": 1}),
    ],
)
def test_rates_that_make_no_sense(field, given):
    """A malformed rate, or one beside another count, is refused by name."""
    with pytest.raises(ArgumentError, match=field):
        Faults().add(**given)


def test_another_way_to_fail():
    """A rate says when a rule fires; how it fails may be said too."""
    assert Faults().add(rate=5, drop="before").effect.drop == "before"
