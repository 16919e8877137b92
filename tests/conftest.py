"""What every test may ask for: the package's own fixtures, by shorter names, and a hook."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from xdist.scheduler import LoadFileScheduling

from tests.services import services_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xdist.remote import Producer

    from airflow_provider_adls.emulator import Emulator
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
    from airflow_provider_adls.model.clouds import Cloud
    from airflow_provider_adls.pytest_plugin import AddFault, Connect

# Airflow reads its environment when it is first imported, so before any test module is.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-home-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
# A script's background jobs begin with SIGINT ignored, and would hand that down to the processes of tests.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


SYSTEM = "tests/system/"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that start an Airflow, since they take as long as half of the rest."""
    items.sort(key=lambda item: not item.nodeid.startswith(SYSTEM))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a service over both, but for those that cannot be the same."""
    is_own = any("service" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    # A folder may have a fixture of this name, as the emulator's tests of its wire do.
    is_own = is_own or "service" in metafunc.definition._fixtureinfo.name2fixturedefs
    if "service" in metafunc.fixturenames and not is_own:
        file = metafunc.definition.path.relative_to(Path(__file__).parent).as_posix()
        metafunc.parametrize("service", services_of(f"{file}::{metafunc.function.__name__}"))


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
def account(adls_gen1_account: str) -> str:
    """Name of an account that no other test uses; it is empty."""
    return adls_gen1_account


@pytest.fixture
def fault(adls_gen1_fault: AddFault) -> AddFault:
    """Lets requests to the test's account fail."""
    return adls_gen1_fault


@pytest.fixture
def asked(emulator: Emulator, account: str) -> Callable[[], list[str | None]]:
    """Tells which operations the test's account was asked for, in order."""
    return lambda: [request.operation for request in emulator.requests(service="lake", account=account)]


@pytest.fixture
def cloud(emulator: Emulator) -> Cloud:
    """The emulator as a cloud, path style."""
    from airflow_provider_adls.model.clouds import emulator_cloud

    return emulator_cloud(emulator.url)


@pytest.fixture
def connect(adls_gen1_connect: Connect) -> Callable[..., str]:
    """Stores the default connection, in the environment: to the emulator, but for what is given."""
    return adls_gen1_connect


@pytest.fixture
def hook(adls_gen1_connection: str) -> ADLSGen1Hook:
    """A hook of the default connection, in an account of the test's own."""
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    return ADLSGen1Hook(adls_gen1_connection)


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
