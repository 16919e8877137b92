"""Replaying the recordings against a server on a real port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from yarl import URL

from tests.fidelity.comparison import Answer, Identities, differences
from tests.fidelity.excuses import REFUSED, excuses
from tests.fidelity.recordings import Run, first_segment

if TYPE_CHECKING:
    import aiohttp

#: Makes an empty account and returns what stands before `/webhdfs/v1` in its URLs.
NewAccount = Callable[[], Awaitable[str]]


@dataclass
class Agreement:
    """The result of a replay: exchanges that agree, differ or are excused."""

    agreed: int = 0
    excused: Counter[str] = field(default_factory=Counter)
    mismatches: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        comparable = self.agreed + len(self.mismatches)
        rules = "".join(f"\n  {count} {rule}" for rule, count in self.excused.most_common())
        return (
            f"{self.agreed} of {comparable} comparable exchanges agree, {self.excused.total()} excused,"
            f" by rule:{rules}"
        )


async def replay(
    runs: list[Run], session: aiohttp.ClientSession, new_account: NewAccount, *, excuse: bool = True
) -> Agreement:
    """Send every run's requests in order, each run to an empty account of its own.

    :param excuse: whether exchanges that no server can agree with are left out of the count.
    """
    agreement = Agreement()
    for run in runs:
        base, seen = await new_account(), {""}
        identities = Identities.of(run)
        rules = excuses(run) if excuse else [None] * len(run.exchanges)
        for place, (exchange, rule) in enumerate(zip(run.exchanges, rules, strict=True)):
            directory = first_segment(exchange.path)
            if directory not in seen:
                seen.add(directory)
                await send(session, "PUT", f"{base}/webhdfs/v1/{directory}", {"op": "MKDIRS"})
            if rule == REFUSED:
                # What was refused did nothing; a user with more rights would change what follows.
                agreement.excused[rule] += 1
                continue
            answer = await send(
                session,
                exchange.method,
                base + exchange.target,
                exchange.query,
                exchange.request_body,
                exchange.request_headers,
            )
            if rule is not None:
                agreement.excused[rule] += 1
            elif found := differences(exchange, answer, identities):
                request = f"{run} [{place}] {exchange.operation} {exchange.path} {exchange.query}"
                agreement.mismatches.append(f"{request}\n    " + "\n    ".join(found))
            else:
                agreement.agreed += 1
    return agreement


async def send(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    query: dict[str, str],
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send one request; a path is encoded whole but for its slashes."""
    scheme, _, rest = url.partition("://")
    full = URL(f"{scheme}://{quote(rest, safe='/:')}?{urlencode(query)}", encoded=True)
    sent = {name: value for name, value in (headers or {}).items() if name.lower() != "content-length"}
    async with session.request(method, full, data=body, headers=sent, allow_redirects=False) as answer:
        return Answer(
            answer.status,
            {name.lower(): value for name, value in answer.headers.items()},
            await answer.read(),
        )
