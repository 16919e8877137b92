"""`About`: URLs, data folder and start of an emulator."""

from __future__ import annotations

from typing import NamedTuple


class About(NamedTuple):
    """The facts about an emulator that do not change after its start.

    :param url: base URL of the path style ways in.
    :param ca_file: path of the certificate, PEM, that clients must trust.
    :param data: path of the data folder; None for memory.
    :param started: when it was started, in seconds since 1970 by this machine's clock.
    :param hosts: names of hosts by which it is reached, beside addresses.
    """

    url: str
    proxy_url: str
    ca_file: str
    data: str | None
    started: float
    hosts: frozenset[str]
