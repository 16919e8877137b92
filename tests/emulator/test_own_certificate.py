"""A certificate of the user's own beside the emulator's."""

from __future__ import annotations

import socket
import ssl

import pytest

from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.tls import certificates


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An authority of somebody else, which has made a certificate for names of a network."""
    return certificates(
        tmp_path_factory.mktemp("authority"), frozenset({"lake.internal", "*.dfs.lake.internal"})
    )


def handshake(emulator, ca_file, name):
    """Do a handshake for a name with a client that trusts an authority alone."""
    context = ssl.create_default_context(cafile=ca_file)
    port = int(emulator.url.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=180) as connection,
        context.wrap_socket(connection, server_hostname=name) as tls,
    ):
        return tls.version()


def test_each_name_has_its_certificate(authority):
    """Its names are vouched for by its own authority, and all others by the emulator's."""
    with Emulator(certificate=authority.server_file, key=authority.server_file) as emulator:
        for name in ("lake.internal", "gen2.dfs.lake.internal"):
            assert handshake(emulator, authority.ca_file, name)
            with pytest.raises(ssl.SSLCertVerificationError):
                handshake(emulator, emulator.ca_file, name)
        for name in ("127.0.0.1", socket.gethostname()):
            assert handshake(emulator, emulator.ca_file, name)


def test_files_that_are_no_certificate(authority, tmp_path):
    """One file without the other, a missing one, and a key of another certificate are refused by name."""
    file = authority.server_file
    other = certificates(tmp_path / "other").server_file
    for given in ({"certificate": file}, {"key": file}):
        with pytest.raises(EmulatorError, match="go together"):
            Emulator(**given)
    for given in ({"certificate": file, "key": other}, {"certificate": tmp_path / "none", "key": file}):
        with pytest.raises(EmulatorError, match=str(given["certificate"])):
            Emulator(**given)
