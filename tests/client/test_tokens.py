"""The token: asked for once, kept, renewed, forgotten."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import NamedTuple

import pytest

from airflow_provider_adls.client.tokens import SCOPE, CurrentToken
from airflow_provider_adls.model.errors import SecretRejectedError, SignInError


class Token(NamedTuple):
    """What a credential gives."""

    token: str
    expires_on: int


class Credential:
    """Gives numbered tokens, and notes how many ask at once."""

    def __init__(self, lifetime: float = 3600, *, clock=time.time) -> None:
        self.lifetime = lifetime
        self.clock = clock
        self.scopes: list[str] = []
        self.inside = self.most_inside = 0
        self.threads: set[int] = set()

    def get_token(self, *scopes: str) -> Token:
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        self.threads.add(threading.get_ident())
        time.sleep(0.01)
        self.scopes += scopes
        self.inside -= 1
        return Token(f"token {len(self.scopes)}", int(self.clock() + self.lifetime))


class Clock:
    """A clock that stands still until it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def test_one_asks_for_all():
    """However many requests want a token, the credential is asked once, off the event loop."""
    credential = Credential()
    tokens = CurrentToken(credential)
    assert {"token 1"} == set(await asyncio.gather(*(tokens.get() for _ in range(50))))
    assert (credential.scopes, credential.most_inside) == (["https://datalake.azure.net//.default"], 1)
    assert threading.get_ident() not in credential.threads
    assert credential.scopes[0] == SCOPE


@pytest.mark.parametrize(("later", "expected"), [(3200, "token 1"), (3301, "token 2")])
async def test_renewed_before_its_end(later, expected):
    """A token is used until five minutes before it ends."""
    clock = Clock()
    tokens = CurrentToken(Credential(3600, clock=clock), clock=clock)
    await tokens.get()
    clock.now += later
    assert expected == await tokens.get()


async def test_short_lived():
    """A token that lives shorter than the margin is used for half of its life."""
    clock = Clock()
    tokens = CurrentToken(Credential(100, clock=clock), clock=clock)
    await tokens.get()
    clock.now += 40
    assert await tokens.get() == "token 1"
    clock.now += 20
    assert await tokens.get() == "token 2"


async def test_rejected():
    """A rejected token is forgotten; one that was replaced already is not forgotten again."""
    tokens = CurrentToken(Credential())
    first = await tokens.get()
    await tokens.reject(first)
    assert await tokens.get() == "token 2"
    await tokens.reject(first)
    assert await tokens.get() == "token 2"


class Sharing(Credential):
    """Gives one token until `invalidate` is called, which takes a while."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: Token | None = None
        self.taken = threading.Event()

    def get_token(self, *scopes: str) -> Token:
        self.kept = self.kept or super().get_token(*scopes)
        return self.kept

    def invalidate(self, token: str) -> None:
        self.taken.wait(0.2)
        if self.kept and self.kept.token == token:
            self.kept = None


async def test_rejected_under_load():
    """A call during the invalidation gets a new token, and does not bring the rejected one back."""
    credential = Sharing()
    tokens = CurrentToken(credential)
    first = await tokens.get()
    rejecting = asyncio.create_task(tokens.reject(first))
    await asyncio.sleep(0)
    assert await tokens.get() == "token 2"
    credential.taken.set()
    await rejecting
    assert await tokens.get() == "token 2"


async def test_coroutine():
    """A credential whose get_token is a coroutine function is awaited."""

    class Asynchronous:
        async def get_token(self, *scopes: str) -> Token:
            return Token("awaited", int(time.time() + 3600))

    assert await CurrentToken(Asynchronous()).get() == "awaited"


async def test_failures_of_our_own_stay():
    """Our own sign-in errors come through as they are."""

    class Refused:
        def get_token(self, *scopes: str) -> Token:
            raise SecretRejectedError("wrong")

    with pytest.raises(SecretRejectedError, match="wrong"):
        await CurrentToken(Refused()).get()


async def test_failures_of_others():
    """Any other failure of a credential becomes a sign-in error that names it."""

    class Broken:
        def get_token(self, *scopes: str) -> Token:
            raise RuntimeError("no identity endpoint")

    with pytest.raises(SignInError, match="Broken gave no token: RuntimeError: no identity endpoint"):
        await CurrentToken(Broken()).get()


def test_several_loops():
    """One cache serves event loop after event loop, also where each has waiters."""
    tokens = CurrentToken(Credential(lifetime=0))

    async def crowd() -> int:
        return len(await asyncio.gather(*(tokens.get() for _ in range(5))))

    assert [asyncio.run(crowd()) for _ in range(3)] == [5, 5, 5]


async def test_no_token_in_repr():
    """The cache shows no token."""
    tokens = CurrentToken(Credential())
    assert await tokens.get() not in repr(tokens)
