import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import certifi
import pytest

from airflow_provider_adls.auth.metadata import discover_cloud
from airflow_provider_adls.model import errors
from airflow_provider_adls.model.clouds import Cloud


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    discover_cloud.cache_clear()
    yield
    discover_cloud.cache_clear()


@pytest.fixture
def answering(monkeypatch):
    """Serves one answer at every path, on this machine; gives the function that starts it."""
    servers = []
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def start(content: bytes, status: int = 200) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_cloud_is_found_by_its_resource_manager(emulator, monkeypatch):
    """Authority and audience are those that the Resource Manager names; it is asked once."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    emulator.clear_requests()
    found = [discover_cloud(emulator.url, emulator.ca_file) for _ in range(2)]
    expected = Cloud("custom", emulator.url, emulator.url, "https://management.core.windows.net/")
    assert found == [expected, expected]
    assert sum(request.operation == "metadata" for request in emulator.requests) == 1


def test_by_a_proxy(emulator, monkeypatch):
    """A proxy that is given is gone through, whatever the environment says."""
    monkeypatch.setenv("NO_PROXY", "*")
    found = discover_cloud("https://management.azure.com", emulator.ca_file, emulator.proxy_url)
    assert found.authority == "https://login.microsoftonline.com"


def test_a_resource_manager_that_is_not_trusted(emulator):
    """A certificate that is not trusted is reported as one."""
    with pytest.raises(errors.AuthorityUnreachableError, match="give its CA file in the connection"):
        discover_cloud(emulator.url, certifi.where())


def test_a_resource_manager_that_is_not_there(emulator):
    """So is one that cannot be reached, and a proxy that cannot."""
    with pytest.raises(errors.AuthorityUnreachableError, match="could not be reached: check the cloud"):
        discover_cloud("http://127.0.0.1:1")
    with pytest.raises(errors.AuthorityUnreachableError, match="through the proxy of the connection"):
        discover_cloud("https://management.azure.com", proxy="http://127.0.0.1:1")


@pytest.mark.parametrize(
    "content",
    [
        b"<html>a portal</html>",
        b"[]",
        b"{}",
        b'{"authentication": {}}',
        b'{"authentication": {"loginEndpoint": "https://login.example/", "audiences": []}}',
        json.dumps(
            {"authentication": {"loginEndpoint": "http://login.example/", "audiences": ["a"]}}
        ).encode(),
    ],
)
def test_a_url_that_is_not_a_resource_managers(answering, content):
    """An answer that names no safe authority and audience is refused, and what to do is said."""
    with pytest.raises(errors.ConnectionFieldError, match="give authority and Resource Manager audience too"):
        discover_cloud(answering(content))


def test_a_refusal(answering):
    """So is an answer that is an error, with its status."""
    with pytest.raises(errors.ConnectionFieldError, match="status code 404"):
        discover_cloud(answering(b"", 404))
