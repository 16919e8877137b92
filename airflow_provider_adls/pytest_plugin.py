"""`adls_gen1_emulator` and other fixtures: a service, an empty account, an Airflow connection.

pytest loads this module in every run of an environment with the package, so it imports pytest alone; that is
why it is not in `emulator/`, whose import loads the whole service. Only tests with a fixture pay for it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_adls.emulator import Emulator, Fault

CONNECTION_ID = "adls_gen1_default"


class Connect(Protocol):
    """The function of the fixture :func:`adls_gen1_connect`."""

    def __call__(
        self,
        conn_id: str = CONNECTION_ID,
        *,
        login: str | None = None,
        password: str | None = None,
        **extra: object,
    ) -> str:
        """Store a connection to the test's account.

        :param conn_id: its id; an existing one is replaced.
        :param login: client id; None for the emulator's own principal.
        :param password: client secret.
        :param extra: fields of Extra, over `cloud` and `account_name`, which are set. A connection to
            another cloud than `emulator` has a `resource_group` too, which the ready file names otherwise.
        :return: its id.
        """


class Gen2Account(NamedTuple):
    """The storage account of the fixture :func:`adls_gen2_account`.

    :param name: its name.
    :param container: a container of it, empty.
    :param key1: its first account key.
    :param key2: its second account key.
    :param dfs_url: URL of its DFS face by the emulator's own address.
    :param blob_url: URL of its Blob face by the emulator's own address.
    """

    name: str
    container: str
    key1: str
    key2: str
    dfs_url: str
    blob_url: str

    @property
    def connection_string(self) -> str:
        """Connection string for SDKs that find the account by its host names, as with `adls_gen1_proxy`."""
        return (
            f"DefaultEndpointsProtocol=https;AccountName={self.name};AccountKey={self.key1};"
            "EndpointSuffix=core.windows.net"
        )


class AddFault(Protocol):
    """The function of the fixture :func:`adls_gen1_fault`."""

    def __call__(self, **rule: Any) -> Fault:
        """Make requests fail from now on, until the rule is removed or the test ends.

        :param rule: arguments of :meth:`Emulator.fault`; `account` is the test's own by default.
        """


@pytest.fixture(scope="session")
def adls_gen1_emulator() -> Iterator[Emulator]:
    """Start a service in memory for the whole session (with pytest-xdist, for each worker's).

    Tests share it: leave its clock alone, and give principals that you add a client id of their own.
    """
    from airflow_provider_adls.emulator import Emulator

    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def adls_gen1_account(adls_gen1_emulator: Emulator) -> Iterator[str]:
    """Make an empty account that no other test uses, and delete it after the test; its value is the name."""
    name = f"test{uuid.uuid4().hex[:16]}"
    adls_gen1_emulator.create_account(name)
    yield name
    adls_gen1_emulator.delete_account(name)


@pytest.fixture
def adls_gen2_account(adls_gen1_emulator: Emulator) -> Iterator[Gen2Account]:
    """Make a storage account (Gen2) of the test's own, with an empty container; delete it after the test."""
    name, container = f"test{uuid.uuid4().hex[:16]}", "test"
    yield Gen2Account(name, container, **adls_gen1_emulator.create_storage_account(name, [container]))
    adls_gen1_emulator.delete_storage_account(name)


@pytest.fixture
def adls_gen1_fault(
    adls_gen1_emulator: Emulator, adls_gen1_account: str, request: pytest.FixtureRequest
) -> Iterator[AddFault]:
    """Return a function that makes requests fail: `adls_gen1_fault(operation="APPEND", nth=3, status=503)`.

    It takes the arguments of `Emulator.fault`. A rule is limited to the test's account unless it names
    another, or None for any; with `service="dfs"` or `"blob"` it is that of `adls_gen2_account`. Sign-ins
    have no account: rules for them match all. After the test the rules are removed.
    """
    from airflow_provider_adls.emulator import ArgumentError

    def own(service: str | None) -> str | None:
        if service not in ("dfs", "blob"):
            return adls_gen1_account
        # A test without it has made its storage accounts in another way.
        names = request.fixturenames
        return request.getfixturevalue("adls_gen2_account").name if "adls_gen2_account" in names else None

    with contextlib.ExitStack() as rules:

        def add(**rule: Any) -> Fault:
            try:
                fault = adls_gen1_emulator.fault(**{"account": own(rule.get("service")), **rule})
            except ArgumentError as error:
                if error.field != "account" or "account" in rule:
                    raise
                fault = adls_gen1_emulator.fault(**rule)
            return rules.enter_context(fault)

        yield add


@pytest.fixture
def adls_gen1_connect(
    adls_gen1_emulator: Emulator,
    adls_gen1_account: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Connect:
    """Return a function that stores Airflow connections to the test's account, in the environment.

    They are removed after the test. `ADLS_GEN1_EMULATOR` is set too, so that the cloud `emulator` is found
    without a connection, and loopback joins `NO_PROXY`.
    """
    ready = tmp_path_factory.mktemp("adls-gen1") / "ready.json"
    ready.write_text(json.dumps(adls_gen1_emulator.ready), encoding="utf-8")
    monkeypatch.setenv("ADLS_GEN1_EMULATOR", str(ready))
    others = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    _set_both(monkeypatch, "no_proxy", f"{others},127.0.0.1" if others else "127.0.0.1")

    def store(
        conn_id: str = CONNECTION_ID,
        *,
        login: str | None = None,
        password: str | None = None,
        **extra: object,
    ) -> str:
        fields = {"cloud": "emulator", "account_name": adls_gen1_account, **extra}
        if fields["cloud"] != "emulator":
            fields.setdefault("resource_group", adls_gen1_emulator.ready["resource_group"])
        connection = {"conn_type": "adls_gen1", "login": login, "password": password, "extra": fields}
        _forget_file_systems()
        monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(connection))
        return conn_id

    return store


@pytest.fixture
def adls_gen1_connection(adls_gen1_connect: Connect) -> str:
    """Store the Airflow connection `adls_gen1_default` to the test's account, and return its id."""
    return adls_gen1_connect()


@pytest.fixture
def adls_gen2_connection(adls_gen1_connect: Connect, adls_gen2_account: Gen2Account) -> str:
    """Store the connection `adls_gen1_default` to the test's storage account and container; return its id.

    A DAG that was written for Gen1 runs on Gen2 with it.
    """
    return adls_gen1_connect(account_name=adls_gen2_account.name, container=adls_gen2_account.container)


@pytest.fixture
def adls_gen1_proxy(adls_gen1_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> str:
    """Set a proxy that stands for the cloud in the environment, until the test ends, and return its URL.

    Unmodified clients find `login.microsoftonline.com`, `management.azure.com`,
    `{account}.azuredatalakestore.net` and the hosts of storage accounts in the emulator, and no other host:
    requests, msal, azure-identity, the SDKs, and Airflow's own hooks.
    """
    _set_both(monkeypatch, "https_proxy", adls_gen1_emulator.proxy_url)
    _set_both(monkeypatch, "no_proxy", "127.0.0.1,localhost")
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, adls_gen1_emulator.ca_file)
    return adls_gen1_emulator.proxy_url


def _forget_file_systems() -> None:
    # A file system that an earlier test opened by this id has read the old connection, and is returned again
    # as long as it is referenced: Airflow keeps those of its paths for good.
    if module := sys.modules.get("airflow_provider_adls.filesystem.file_system"):
        module.ADLSGen1FileSystem.clear_instance_cache()


def _set_both(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    # Some programs read the name in lower case alone, and some in upper case.
    environment.setenv(name, value)
    environment.setenv(name.upper(), value)
