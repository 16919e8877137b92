"""Every documented example runs as it stands."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from pathlib import Path
from ssl import create_default_context
from urllib.parse import urlencode
from urllib.request import urlopen

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from azure.core.credentials import AccessToken

from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from tests.examples.documented import docstring_examples

pytestmark = pytest.mark.timeout(900)

DAY = "2026-02-01"
#: Seconds for which nobody has written to the files.
AGE = 7200


class Credential:
    """Signs in at an emulator whose clock is slow, which the package's own credentials refuse."""

    def __init__(self, emulator: Emulator) -> None:
        ready = emulator.ready
        form = {"grant_type": "client_credentials", "resource": "https://datalake.azure.net/"}
        form |= {name: ready[name] for name in ("client_id", "client_secret")}
        url, data = f"{emulator.url}/{ready['tenant_id']}/oauth2/token", urlencode(form).encode()
        with urlopen(url, data, context=create_default_context(cafile=ready["ca_file"])) as answer:
            self._token = json.load(answer)["access_token"]

    def get_token(self, *scopes: str) -> AccessToken:
        """Return the token, which is good for as long as the clock is slow."""
        return AccessToken(self._token, int(time.time()) + 3600)


@pytest.fixture
def lakes():
    """An emulator with the accounts and files that the examples name, and its connections."""
    with Emulator(accounts=["lake", "old", "new"]) as emulator:
        emulator.create_resource_group("sales")
        emulator.clock.set(time.time() - AGE)
        options = {"ca_file": emulator.ready["ca_file"], "credential": Credential(emulator)}
        lake = ADLSGen1FileSystem("lake", cloud=emulator.url, **options)
        old = ADLSGen1FileSystem("old", cloud=emulator.url, **options)
        lake.pipe({f"/raw/{DAY}/{name}.csv": b"1" for name in ("a", "day1")})
        lake.pipe(f"/raw/{DAY}/manifest.json", b'["/raw/2026/1/day1.csv"]')
        lake.pipe(dict.fromkeys(("/raw/2026/1/day1.csv", "/incoming/a.csv", "/master/customers.csv"), b"1"))
        lake.pipe({f"/parts/{DAY}/{name}.csv": b"1" for name in "ab"})
        lake.pipe({f"/in/{DAY}/{hour:02}.csv": b"1" for hour in range(24)})
        lake.pipe({f"/curated/{DAY}/a.csv": b"1", f"/staging/{DAY}/a.csv": b"1", "/raw/2026-01-01.csv": b"1"})
        lake.rm_file("/raw/2026-01-01.csv")
        old.pipe(f"/raw/{DAY}/a.csv", b"1")
        with lake.open(f"/curated/orders/{DAY}/a.parquet", "wb") as file:
            pq.write_table(pa.table({"day": [DAY], "pieces": [9]}), file)
        emulator.clock.reset()
        yield emulator


def connection(emulator: Emulator, account: str) -> str:
    """A connection to an account, as a variable of the environment holds it."""
    ready = emulator.ready
    extra = {name: ready[name] for name in ("tenant_id", "subscription_id", "ca_file")}
    extra |= {"cloud": "emulator", "account_name": account, "resource_group": "rg"}
    login = {"login": ready["client_id"], "password": ready["client_secret"]}
    return json.dumps({"conn_type": "adls_gen1", **login, "extra": extra})


def test_examples_run(lakes, airflow_home, tmp_path):
    """A DAG of all examples succeeds: of docstrings, and of the guide to accounts."""
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps(lakes.ready))
    warehouse = tmp_path / "warehouse.db"
    with contextlib.closing(sqlite3.connect(warehouse)) as database:
        database.execute("CREATE TABLE orders (day TEXT, pieces INTEGER)")
    code, said = airflow_home.run(
        *("airflow", "dags", "test", "examples", DAY),
        AIRFLOW__CORE__DAGS_FOLDER=str(Path(__file__).parent / "dags"),
        AIRFLOW_CONN_ADLS_GEN1_DEFAULT=connection(lakes, "lake"),
        AIRFLOW_CONN_THE_NEW_LAKE=connection(lakes, "new"),
        AIRFLOW_CONN_WAREHOUSE=json.dumps({"conn_type": "sqlite", "host": str(warehouse)}),
        AIRFLOW_VAR_ANALYST="6b1f7d2e-94c0-4a55-8f3e-d20b7c9a1e64",
        AIRFLOW_VAR_ANALYSTS="7c2f7d2e-94c0-4a55-8f3e-d20b7c9a1e64",
        ADLS_GEN1_EMULATOR=str(ready),
        EXAMPLES=str(tmp_path),
        PYTHONPATH=str(Path(__file__).parents[2]),
    )
    assert code == 0, said
    assert "state=success" in said or "state:success" in said, said


def test_every_operator_has_an_example():
    """Each class that a docstring's example is of is used in it."""
    for example in docstring_examples():
        assert f"{example.name}(" in example.code or f"{example.name}.partial(" in example.code
