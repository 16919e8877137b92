"""Storage accounts for the tests, and requests to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from tests.emulator.conftest import Browser

STORAGE = "https://storage.azure.com/"
#: Codes that keep a caller out; whoever gets another answer was let in.
KEPT_OUT = frozenset(
    {
        "AuthenticationFailed",
        "AuthorizationFailure",
        "AuthorizationPermissionMismatch",
        "AuthorizationProtocolMismatch",
        "AuthorizationResourceTypeMismatch",
        "AuthorizationServiceMismatch",
        "AuthorizationSourceIPMismatch",
        "InvalidAuthenticationInfo",
        "KeyBasedAuthenticationNotPermitted",
        "NoAuthenticationInformation",
    }
)


class Gen2(NamedTuple):
    """A storage account of the test's own, with a container `raw`.

    :param keys: `key1`, `key2`, `dfs_url` and `blob_url`.
    """

    name: str
    keys: dict[str, str]
    browser: Browser

    @property
    def emulator(self) -> Any:
        return self.browser.emulator

    @property
    def key(self) -> str:
        return self.keys["key1"]

    def send(self, method: str, face: str, path: str, **options: Any) -> requests.Response:
        """Send a request to a face by its host name."""
        headers = {"Host": f"{self.name}.{face}.core.windows.net", "x-ms-version": "2021-12-02"}
        headers.update(options.pop("headers", {}))
        return self.browser.send(method, path, headers=headers, **options)

    def client(self, kind: type, credential: Any = None, host: str = "dfs", **options: Any) -> Any:
        """Return a client of an SDK, which finds the account by its host name behind the proxy."""
        return kind(
            f"https://{self.name}.{host}.core.windows.net",
            credential=self.key if credential is None else credential,
            proxies={"https": self.emulator.proxy_url},
            connection_verify=self.emulator.ca_file,
            retry_total=0,
            **options,
        )


def verdict(answer: requests.Response) -> str:
    """Return the code that kept a caller out, or `in`."""
    code = answer.headers.get("x-ms-error-code", "")
    return code if code in KEPT_OUT else "in"


@pytest.fixture
def gen2(browser: Browser) -> Iterator[Gen2]:
    """A storage account of the session's emulator."""
    name = f"gen2{uuid.uuid4().hex[:16]}"
    yield Gen2(name, browser.emulator.create_storage_account(name, ["raw"]), browser)
    browser.emulator.delete_storage_account(name)


@pytest.fixture
def own_gen2(own_browser: Browser) -> Gen2:
    """A storage account of an emulator whose clock and principals the test may change."""
    return Gen2("gen2", own_browser.emulator.create_storage_account("gen2", ["raw"]), own_browser)
