"""Clients for the emulator's own tests, which rely on nothing of ours but the emulator."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from airflow_provider_adls.emulator import Emulator

#: An address that no other process of the tests uses, so that nobody takes a port which was let go of.
ADDRESS = ".".join(map(str, (127, *os.getpid().to_bytes(3, "big"))))
ARM = "https://management.core.windows.net/"
LAKE = "https://datalake.azure.net/"


class Browser:
    """Plain HTTP to an emulator, with tokens by the resource that they are for."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.session = requests.Session()
        # The environment's certificates and proxies are not for this.
        self.session.trust_env = False
        self.session.verify = emulator.ca_file

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.emulator.url}{path}", **options)

    def sign_in(self, resource: str, tenant: str | None = None, **form: str) -> requests.Response:
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.emulator.client_id,
            "client_secret": self.emulator.client_secret,
            "resource": resource,
            **form,
        }
        return self.send("POST", f"/{tenant or self.emulator.tenant_id}/oauth2/token", data=fields)

    def bearer(self, resource: str, **form: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.sign_in(resource, **form).json()['access_token']}"}

    def arm(self, method: str, path: str, **options: Any) -> requests.Response:
        if "headers" not in options:
            options["headers"] = self.bearer(ARM)
        options.setdefault("params", {"api-version": "2016-11-01"})
        return self.send(method, f"/subscriptions/{self.emulator.subscription_id}{path}", **options)

    def lake(self, method: str, account: str, path: str, **options: Any) -> requests.Response:
        if "headers" not in options:
            options["headers"] = self.bearer(LAKE)
        return self.send(method, f"/adls/{account}/webhdfs/v1{path}", **options)


@contextlib.contextmanager
def browsing(emulator: Emulator) -> Iterator[Browser]:
    browser = Browser(emulator)
    with browser.session:
        yield browser


@pytest.fixture
def browse() -> Callable[[Emulator], contextlib.AbstractContextManager[Browser]]:
    """Opens a browser at an emulator that the test has started."""
    return browsing


@pytest.fixture
def browser(emulator: Emulator) -> Iterator[Browser]:
    """A browser at the session's emulator."""
    with browsing(emulator) as browser:
        yield browser


@pytest.fixture
def own_browser() -> Iterator[Browser]:
    """A browser at an emulator of the test's own, whose clock and principals it may change."""
    from airflow_provider_adls.emulator import Emulator

    with Emulator(accounts=("lake",)) as emulator, browsing(emulator) as browser:
        yield browser
