"""What every test may ask for: the package's own fixtures, by shorter names, and a hook."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from xdist.scheduler import LoadFileScheduling

from tests.services import BOTH, GEN1, GEN2, gen1_name, gen2_faults, services_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xdist.remote import Producer

    from airflow_provider_adls.emulator import Emulator, Fault
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
    from airflow_provider_adls.model.clouds import Cloud
    from airflow_provider_adls.pytest_plugin import AddFault, Connect
    from tests.services import Faults

# Airflow reads its environment when it is first imported, so before any test module is.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-home-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
# A script's background jobs begin with SIGINT ignored, and would hand that down to the processes of tests.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


SYSTEM = "tests/system/"
THIRD = 3


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that start an Airflow, since they take as long as half of the rest.

    Of a test with many cases for both services each third case of Gen2 is left to it; the others are `long`.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(SYSTEM))
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        if parameters.get("service") == GEN2:
            cases[item.nodeid.partition("[")[0]].append(item)
    for of_gen2 in cases.values():
        if len(of_gen2) > THIRD:
            for number, item in enumerate(of_gen2):
                if number % THIRD:
                    item.add_marker(pytest.mark.long)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a service over both, but for those that cannot be the same.

    Nearly every test asks for one by an account, and most of them are about something else.
    """
    is_own = any("service" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    # A folder may have a fixture of this name, as the emulator's tests of its wire do.
    fixtures = metafunc.definition._fixtureinfo.name2fixturedefs.get("service", ())
    is_own = is_own or any(fixture.func.__module__ != __name__ for fixture in fixtures)
    file = metafunc.definition.path.relative_to(Path(__file__).parent).as_posix()
    is_asked = "lake_fields" not in metafunc.fixturenames or file in BOTH
    if "service" in metafunc.fixturenames and is_asked and not is_own:
        metafunc.parametrize("service", services_of(f"{file}::{metafunc.function.__name__}"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a parameter of bytes that are no text by the argument: compressed content varies with the time.

    The two processes that share the tests out must find the same names.
    """
    return argname if isinstance(val, bytes) and not val.decode(errors="replace").isprintable() else None


class ByFile(LoadFileScheduling):
    """Shares the tests out between workers: those of a file to one, and all that start an Airflow to one."""

    # Not by marks for `loadgroup`: pytest 9.2 does not let pytest-xdist 3.8 write groups into names.
    def _split_scope(self, nodeid: str) -> str:
        return SYSTEM if nodeid.startswith(SYSTEM) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Share out as said, whatever `--dist` says."""
    return ByFile(config, log)


@pytest.fixture(scope="session")
def emulator(adls_gen1_emulator: Emulator) -> Emulator:
    """The session's Gen1 service: leave its clock and principals as they are."""
    return adls_gen1_emulator


@pytest.fixture
def service() -> str:
    """The service that the test's account is of; suites that run over both have a parameter in its place."""
    return GEN1


@pytest.fixture
def lake_fields(service: str, request: pytest.FixtureRequest) -> dict[str, str]:
    """Fields of a connection to an account that no other test uses; its lake is empty."""
    if service != GEN2:
        return {"account_name": request.getfixturevalue("adls_gen1_account")}
    made = request.getfixturevalue("adls_gen2_account")
    return {"account_name": made.name, "container": made.container}


@pytest.fixture
def account(lake_fields: dict[str, str]) -> str:
    """Name of the test's account."""
    return lake_fields["account_name"]


@pytest.fixture
def container(lake_fields: dict[str, str]) -> str | None:
    """The container of the test's account, None on Gen1."""
    return lake_fields.get("container")


@pytest.fixture
def other_account(emulator: Emulator, lake_fields: dict[str, str]) -> Iterator[str]:
    """Name of a second account of the same service, and with the same container, which is empty."""
    name = f"b{lake_fields['account_name'][1:]}"
    if container := lake_fields.get("container"):
        emulator.create_storage_account(name, [container])
    else:
        emulator.create_account(name)
    yield name
    (emulator.delete_storage_account if container else emulator.delete_account)(name)


@pytest.fixture
def trash(lake_fields: dict[str, str], connect: Callable[..., str]) -> None:
    """Have the test's account keep what is deleted, as every Gen1 account does."""
    if "container" not in lake_fields:
        return
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    policy = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 7}}}
    services = ADLSGen1Hook(connect()).get_storage_client().blob_services
    services.set_service_properties("rg", lake_fields["account_name"], policy)


@pytest.fixture
def fault(adls_gen1_fault: AddFault, lake_fields: dict[str, str], account: str, service: str) -> AddFault:
    """Lets requests to the test's account fail."""

    def add(**rule: Any) -> Fault | Faults:
        if service == GEN2:
            return gen2_faults(adls_gen1_fault, lake_fields["container"], {"account": account, **rule})
        return adls_gen1_fault(**{"account": account, **rule})

    return add


@pytest.fixture
def asked(emulator: Emulator, account: str, service: str) -> Callable[[], list[str | None]]:
    """Returns the operations that the test's account was asked for, in order, by their names on Gen1."""
    if service != GEN2:
        return lambda: [request.operation for request in emulator.requests(service="lake", account=account)]
    return lambda: [gen1_name(one.operation) for one in emulator.requests(account=account)]


@pytest.fixture
def cloud(emulator: Emulator) -> Cloud:
    """The emulator as a cloud, path style."""
    from airflow_provider_adls.model.clouds import emulator_cloud

    return emulator_cloud(emulator.url)


@pytest.fixture
def connect(adls_gen1_connect: Connect, lake_fields: dict[str, str]) -> Callable[..., str]:
    """Stores the default connection, in the environment: to the test's account, but for what is given."""
    return lambda *conn_id, **fields: adls_gen1_connect(*conn_id, **{**lake_fields, **fields})


@pytest.fixture
def hook(connect: Callable[..., str]) -> ADLSGen1Hook:
    """A hook of the default connection, in an account of the test's own."""
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    return ADLSGen1Hook(connect())


@pytest.fixture
def later(emulator: Emulator) -> Iterator[Callable[[], dt.datetime]]:
    """Returns a time, and lets files be written three minutes after it from then on.

    Tokens are renewed five minutes before their end, so that none ends by that.
    """

    def later() -> dt.datetime:
        cut = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
        emulator.clock.move(240)
        return cut

    yield later
    emulator.clock.reset()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine that nobody listens at, nor can while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


class AirflowHome:
    """A home folder of Airflow's with a database of its own, for commands that need one.

    :param folder: the home folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, **environment: str) -> tuple[int, str]:
        """Run a Python module, `airflow` for instance, with arguments.

        :return: exit status, and what it said.
        """
        done = subprocess.run(
            [sys.executable, "-m", *command],
            env={**os.environ, "AIRFLOW_HOME": str(self.folder), **environment},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> AirflowHome:
    """A migrated home folder, which the tests of a session share."""
    home = AirflowHome(tmp_path_factory.mktemp("airflow"))
    code, said = home.run("airflow", "db", "migrate")
    assert code == 0, said
    return home


class Certificate(NamedTuple):
    """A certificate for signing in with, and its private key, PEM.

    :param thumbprint: SHA-1, hexadecimal.
    """

    private_key: str
    certificate: str
    thumbprint: str


@pytest.fixture(scope="session")
def certificate() -> Certificate:
    """A certificate that no application has, until a test registers it."""
    return new_certificate()


@pytest.fixture(scope="session")
def other_certificate() -> Certificate:
    """Another one."""
    return new_certificate()


def new_certificate() -> Certificate:
    """A self-signed certificate, good for a day."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "etl")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return Certificate(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
        certificate.fingerprint(hashes.SHA1()).hex().upper(),
    )
