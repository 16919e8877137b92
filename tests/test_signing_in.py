"""What the guide to signing in shows is so."""

import json
import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from airflow_provider_adls.connection_form import AUTH_METHODS, CONFIGURABLE
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

GUIDE = (Path(__file__).parents[1] / "docs" / "signing-in.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


CONNECTIONS = [json.loads(block) for block in blocks("json")]


@pytest.mark.parametrize("shown", CONNECTIONS)
def test_the_connections_are_read(shown, certificate, monkeypatch, tmp_path):
    """Each connection that the guide shows is one that the hook reads, for the way that it says."""
    file = tmp_path / "etl.pem"
    file.write_text(certificate.private_key + certificate.certificate)
    text = json.dumps(shown).replace("/etc/airflow/etl.pem", str(file))
    monkeypatch.setenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT", text)
    expected = shown["extra"].get("auth_method", "client_secret")
    assert ADLSGen1Hook().settings.auth_method == expected


def test_every_way_is_shown():
    """The guide has an example and a row of its table for each way to sign in."""
    shown = [connection["extra"].get("auth_method", "client_secret") for connection in CONNECTIONS]
    assert tuple(dict.fromkeys(shown)) == AUTH_METHODS
    assert tuple(re.findall(r"^\| `(\w+)`", GUIDE, re.MULTILINE)[1:]) == AUTH_METHODS


def test_the_configuration_is_read(monkeypatch, emulator, connect):
    """The section that the guide shows has every option, and its values are taken."""
    parser = ConfigParser()
    parser.read_string(blocks("ini")[0])
    section = dict(parser["adls_gen1"])
    assert tuple(section) == CONFIGURABLE
    for name, value in (section | {"ca_file": emulator.ca_file}).items():
        monkeypatch.setenv(f"AIRFLOW__ADLS_GEN1__{name.upper()}", value)
    connect(auth_method="default", cloud="public")
    network = ADLSGen1Hook().settings.network
    assert (network.proxy, network.timeout, network.retries) == (section["proxy"], (10.0, 60.0), 3)
