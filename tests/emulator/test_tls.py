"""The certificates."""

from __future__ import annotations

import datetime as dt
import re
import socket
import ssl

import pytest
from cryptography import x509

from airflow_provider_adls.emulator import Emulator, tls
from airflow_provider_adls.emulator.errors import EmulatorError

NAMES = [
    "127.0.0.1",
    "localhost",
    "login.microsoftonline.com",
    "login.windows.net",
    "login.microsoftonline.us",
    "management.azure.com",
    "management.chinacloudapi.cn",
    "lake.azuredatalakestore.net",
]


@pytest.mark.parametrize("name", NAMES)
def test_strict_clients_trust_every_name(emulator, name):
    """A client that verifies by the letter of RFC 5280 accepts each of the cloud's names."""
    context = ssl.create_default_context(cafile=emulator.ca_file)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    port = int(emulator.url.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port)) as connection,
        context.wrap_socket(connection, server_hostname=name) as secured,
    ):
        assert secured.version() in {"TLSv1.2", "TLSv1.3"}


def test_other_names_are_not_vouched_for(emulator):
    """The certificate is good for the emulated hosts alone."""
    context = ssl.create_default_context(cafile=emulator.ca_file)
    port = int(emulator.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection, pytest.raises(ssl.SSLError):
        context.wrap_socket(connection, server_hostname="example.com")


def test_files_are_kept(tmp_path):
    """A second start uses the certificates of the first, whose keys are for their owner alone."""
    first = tls.certificates(tmp_path)
    before = (first.ca_file.read_bytes(), first.server_file.read_bytes())
    second = tls.certificates(tmp_path)
    assert before == (second.ca_file.read_bytes(), second.server_file.read_bytes())
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "private").iterdir()} == {0o600}
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700


def test_server_certificate_is_renewed_near_its_end(tmp_path, monkeypatch):
    """A certificate with less than a month to go is replaced, by the same authority."""
    files = tls.certificates(tmp_path)
    before = (files.ca_file.read_bytes(), files.server_file.read_bytes())
    monkeypatch.setattr(tls, "RENEW_BEFORE", tls.LEAF_LIFETIME + dt.timedelta(days=1))
    tls.certificates(tmp_path)
    assert before[0] == files.ca_file.read_bytes()
    assert before[1] != files.server_file.read_bytes()


def test_new_name_renews_the_server_certificate(tmp_path):
    """A host that the certificate does not name yet is added, addresses as addresses."""
    tls.certificates(tmp_path)
    files = tls.certificates(tmp_path, frozenset({"lake.example", "10.1.2.3"}))
    certificate = x509.load_pem_x509_certificate(files.server_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "lake.example" in names.get_values_for_type(x509.DNSName)
    assert "10.1.2.3" in [str(address) for address in names.get_values_for_type(x509.IPAddress)]


def test_lost_authority_is_made_anew(tmp_path):
    """Without the authority's key nothing can be renewed: all is made again, and fits together."""
    files = tls.certificates(tmp_path)
    before = files.ca_file.read_bytes()
    (tmp_path / "private" / "ca-key.pem").unlink()
    tls.certificates(tmp_path)
    assert before != files.ca_file.read_bytes()
    authority = x509.load_pem_x509_certificate(files.ca_file.read_bytes())
    x509.load_pem_x509_certificate(files.server_file.read_bytes()).verify_directly_issued_by(authority)


def test_mismatched_authority_is_made_anew(tmp_path):
    """A key that is not the certificate's own is not used."""
    files = tls.certificates(tmp_path / "one")
    tls.certificates(tmp_path / "two")
    (tmp_path / "two" / "private" / "ca-key.pem").rename(tmp_path / "one" / "private" / "ca-key.pem")
    before = files.ca_file.read_bytes()
    tls.certificates(tmp_path / "one")
    assert before != files.ca_file.read_bytes()


@pytest.mark.parametrize(
    "name", ["ca.pem", "private/ca-key.pem", "private/server.pem", "private/token-key.pem"]
)
@pytest.mark.parametrize("content", [b"", b"no key at all"])
def test_damaged_file_is_named(tmp_path, name, content):
    """A damaged file is named by its path, and made anew once it is removed."""
    with Emulator(data=tmp_path):
        pass
    (tmp_path / name).write_bytes(content)
    with pytest.raises(EmulatorError, match=f"{re.escape(str(tmp_path / name))} is damaged"):
        Emulator(data=tmp_path).start()
    (tmp_path / name).unlink()
    with Emulator(data=tmp_path):
        assert b"-----BEGIN" in (tmp_path / name).read_bytes()
