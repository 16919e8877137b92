import certifi
import pytest
import requests

from airflow_provider_adls.auth.adapter import BoundAdapter


@pytest.fixture
def session():
    with requests.Session() as session:
        yield session


def test_what_is_given_counts(session, emulator, monkeypatch):
    """CA file and proxy of the adapter are used, though the environment names others."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    session.mount("https://", BoundAdapter(emulator.ca_file, emulator.proxy_url))
    answer = session.get("https://management.azure.com/metadata/endpoints")
    assert answer.json()["authentication"]["loginEndpoint"] == "https://login.microsoftonline.com/"


def test_what_is_not_given_is_the_environment_s(session, emulator, monkeypatch):
    """Without a CA file and a proxy those of the environment are used."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", emulator.ca_file)
    monkeypatch.setenv("HTTPS_PROXY", emulator.proxy_url)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    session.mount("https://", BoundAdapter())
    assert session.get("https://management.azure.com/metadata/endpoints").ok


def test_a_timeout(session, mocker):
    """Timeouts of the adapter go before the request's own."""
    send = mocker.patch("requests.adapters.HTTPAdapter.send", return_value=requests.Response())
    BoundAdapter(timeout=(5.0, None)).send(requests.Request("GET", "https://lake").prepare(), timeout=60)
    assert send.call_args.kwargs == {"timeout": (5.0, None)}
