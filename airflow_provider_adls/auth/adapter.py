"""`BoundAdapter`: an adapter of `requests` whose CA file and proxy are its own, and not the environment's."""

from __future__ import annotations

from typing import Any

import requests


class BoundAdapter(requests.adapters.HTTPAdapter):
    """Sends every request with the same CA file, proxy and timeouts, where they are given.

    A session's own `verify` and `proxies` would give way to ``REQUESTS_CA_BUNDLE`` and ``HTTPS_PROXY``.

    :param ca_file: PEM file of the certificate authorities to trust.
    :param proxy: URL of an HTTP proxy.
    :param timeout: seconds to wait for a connection, and for a byte of an answer; None for no end.
    :param options: those of `requests.adapters.HTTPAdapter`.
    """

    def __init__(
        self,
        ca_file: str | None = None,
        proxy: str | None = None,
        timeout: tuple[float | None, float | None] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._bound: dict[str, Any] = {}
        if ca_file:
            self._bound["verify"] = ca_file
        if proxy:
            self._bound["proxies"] = {"https": proxy, "http": proxy}
        if timeout:
            self._bound["timeout"] = timeout

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request as this adapter is bound to."""
        return super().send(request, *args, **{**kwargs, **self._bound})
