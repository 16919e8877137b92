"""Replaying the recordings of Gen2 against a server on a real port."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from yarl import URL

from tests.fidelity.gen2.comparison import Answer, Known, differences, learn
from tests.fidelity.gen2.excuses import RENAME, SIGN_IN, excuses
from tests.fidelity.gen2.recordings import Exchange, Run, outside
from tests.fidelity.replay import Agreement

if TYPE_CHECKING:
    import aiohttp

    from airflow_provider_adls.emulator.clock import Clock

#: Makes an empty account for a run, and returns the URLs of its faces.
NewAccount = Callable[[Run], Awaitable[dict[str, str]]]


async def replay(
    runs: list[Run], session: aiohttp.ClientSession, new_account: NewAccount, clock: Clock
) -> Agreement:
    """Send every run's requests in order, each run to an empty account of its own and at its own time."""
    agreement = Agreement()
    for run in runs:
        faces, known, leases = await new_account(run), Known.of(run), Leases.of(run)
        there = dict(outside(run))
        for place, (exchange, rule) in enumerate(zip(run.exchanges, excuses(run), strict=True)):
            clock.set(parsedate_to_datetime(exchange.headers["date"]))
            if place in there:
                url = f"{faces['blob']}/{there[place]}?restype=container"
                await _send(session, "PUT", url, {"x-ms-version": "2021-12-02"}, b"")
            if rule in (RENAME, SIGN_IN):
                # What was refused did nothing, and what follows a lost rename has nothing to go by.
                agreement.excused[rule] += 1
                continue
            answer = await _ask(session, exchange, faces[exchange.face], known, leases.header(exchange))
            leases.learn(exchange, answer)
            if rule is not None:
                agreement.excused[rule] += 1
                learn(exchange.body, answer.body, known)
            elif found := differences(exchange, answer, known):
                agreement.mismatches.append(f"{run} [{place}] {exchange.about}\n    " + "\n    ".join(found))
            else:
                agreement.agreed += 1
    return agreement


@dataclass
class Leases:
    """Ids of leases that the recorder took out of a run, by the paths that are leased.

    :param removed: whether it did so: answers to acquiring a lease name its id.
    """

    removed: bool
    held: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> Leases:
        return cls(
            any(
                each.query.get("comp") == "lease" and each.status == 201 and _LEASE not in each.headers
                for each in run.exchanges
            )
        )

    def header(self, exchange: Exchange) -> dict[str, str]:
        """Return the header that was taken out of a request which was answered as if it had one."""
        action = exchange.request_headers.get("x-ms-lease-action")
        of_lease = action in ("renew", "change", "release")
        needs = of_lease or (self.removed and exchange.status < 300 and action is None)
        if _LEASE in exchange.request_headers or not needs or exchange.target not in self.held:
            return {}
        if action == "change" and _PROPOSED not in exchange.request_headers:
            return {_LEASE: self.held[exchange.target], _PROPOSED: str(uuid.uuid4())}
        return {_LEASE: self.held[exchange.target]}

    def learn(self, exchange: Exchange, answer: Answer) -> None:
        """Learn from the answer of the server under test."""
        if _LEASE in answer.headers:
            self.held[exchange.target] = answer.headers[_LEASE]
        elif exchange.request_headers.get("x-ms-lease-action") in ("release", "break"):
            self.held.pop(exchange.target, None)


_LEASE, _PROPOSED = "x-ms-lease-id", "x-ms-proposed-lease-id"


async def _ask(
    session: aiohttp.ClientSession, exchange: Exchange, base: str, known: Known, more: dict[str, str]
) -> Answer:
    query = {name: known.translated(value) for name, value in exchange.query.items()}
    headers = {
        name: known.translated(value)
        for name, value in exchange.request_headers.items()
        if name not in ("content-length", "host", "transfer-encoding")
    }
    headers |= more
    url = f"{base}{exchange.target}" + (f"?{urlencode(query)}" if query else "")
    return await _send(session, exchange.method, url, headers, exchange.request_body)


async def _send(
    session: aiohttp.ClientSession, method: str, url: str, headers: dict[str, str], body: bytes
) -> Answer:
    async with session.request(
        method,
        URL(url, encoded=True),
        data=body or None,
        headers=headers,
        skip_auto_headers=("Content-Type", "Accept", "User-Agent"),
        allow_redirects=False,
    ) as answer:
        return Answer(
            answer.status,
            {name.lower(): value for name, value in answer.headers.items()},
            await answer.read(),
        )
