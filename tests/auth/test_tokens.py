import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from airflow_provider_adls.auth.tokens import AccessToken, TokenCache
from airflow_provider_adls.model.errors import SignInError

THREADS = 32


class Authority:
    """Gives tokens of a lifetime in seconds, and counts; holds each answer back until it is let go."""

    def __init__(self, lifetime: float = 3600, *, error: Exception | None = None, held: bool = False) -> None:
        self.lifetime = lifetime
        self.error = error
        self.asked = 0
        self.go = threading.Event()
        if not held:
            self.go.set()

    def __call__(self) -> AccessToken:
        self.asked += 1
        number = self.asked
        assert self.go.wait(180)
        if self.error:
            raise self.error
        return AccessToken(f"token-{number}", int(time.time() + self.lifetime))


def ask_at_once(cache: TokenCache, authority: Authority) -> list[object]:
    """Ask from many threads while the authority holds its answer back, then let it answer."""
    started = threading.Barrier(THREADS + 1)

    def ask() -> object:
        started.wait()
        try:
            return cache.get("key", authority).token
        except SignInError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [pool.submit(ask) for _ in range(THREADS)]
        started.wait()
        authority.go.set()
        return [answer.result() for answer in answers]


def test_many_threads_cost_one_request():
    """However many threads ask at once, the authority is asked once and all get its token."""
    authority = Authority(held=True)
    assert set(ask_at_once(TokenCache(), authority)) == {"token-1"}
    assert authority.asked == 1


def test_a_refusal_is_shared_by_those_who_wait():
    """Threads that wait for a sign-in that fails get its error, and the next call asks again."""
    cache, error = TokenCache(), SignInError("no")
    authority = Authority(error=error, held=True)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.get, "key", authority)
        while not authority.asked:
            time.sleep(0.001)
        second = pool.submit(cache.get, "key", authority)
        while not cache._entries["key"].pending._condition._waiters:
            time.sleep(0.001)
        authority.go.set()
        assert (first.exception(), second.exception()) == (error, error)
    assert authority.asked == 1
    authority.error = None
    assert cache.get("key", authority).token == "token-2"


def test_a_token_is_kept_until_five_minutes_before_its_end():
    """A token with more than five minutes left is given again; one with less is renewed."""
    cache, authority = TokenCache(), Authority(lifetime=3600)
    assert [cache.get("key", authority).token for _ in range(3)] == ["token-1"] * 3
    cache._entries["key"].renew_at = time.time() - 1
    assert cache.get("key", authority).token == "token-2"
    kept = cache._entries["key"]
    assert kept.token.expires_on - kept.renew_at == pytest.approx(300, abs=1)


def test_a_short_token_is_kept_for_half_its_life():
    """A token of less than ten minutes is not asked for at every call."""
    cache, authority = TokenCache(), Authority(lifetime=590)
    assert [cache.get("key", authority).token for _ in range(3)] == ["token-1"] * 3


def test_others_go_on_while_one_renews():
    """While one thread renews, others get the old token without waiting, since it is valid still."""
    cache = TokenCache()
    cache.get("key", Authority())
    cache._entries["key"].renew_at = 0
    slow = Authority(held=True)
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(cache.get, "key", slow)
        while not slow.asked:
            time.sleep(0.001)
        assert cache.get("key", slow).token == "token-1"
        assert not renewing.done()
        slow.go.set()
        renewing.result()
    assert slow.asked == 1


def test_a_failed_renewal_leaves_a_valid_token(caplog):
    """If the authority fails while the token is valid still, it serves on, with a warning."""
    cache = TokenCache()
    cache.get("key", Authority())
    cache._entries["key"].renew_at = 0
    assert cache.get("key", Authority(error=SignInError("authority is down"))).token == "token-1"
    assert "authority is down" in caplog.text


def test_an_expired_token_is_never_given():
    """Past its end a token is of no use: the refusal to renew it is the caller's to see."""
    cache = TokenCache()
    cache.get("key", Authority(lifetime=-1))
    with pytest.raises(SignInError, match="no"):
        cache.get("key", Authority(error=SignInError("no")))


def test_dropping_spares_a_newer_token():
    """A token that a service refused is forgotten; one that came meanwhile stays."""
    cache, authority = TokenCache(), Authority()
    cache.get("key", authority)
    cache.drop("key", "another")
    cache.drop("unknown", "token-1")
    assert cache.get("key", authority).token == "token-1"
    cache.drop("key", "token-1")
    assert cache.get("key", authority).token == "token-2"


def test_keys_are_apart():
    """Two identities never see each other's token."""
    cache, authority = TokenCache(), Authority()
    assert cache.get("a", authority) != cache.get("b", authority)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_in_the_middle_of_a_sign_in():
    """A process that was forked while a thread signed in does not wait for that thread."""
    cache, slow = TokenCache(), Authority(held=True)
    context = multiprocessing.get_context("fork")
    answer = context.SimpleQueue()
    with ThreadPoolExecutor(1) as pool:
        signing_in = pool.submit(cache.get, "key", slow)
        while not slow.asked:
            time.sleep(0.001)
        with cache._lock:
            child = context.Process(target=lambda: answer.put(cache.get("key", Authority()).token))
            child.start()
        child.join(180)
        slow.go.set()
        signing_in.result()
    assert (child.exitcode, answer.get()) == (0, "token-1")
    answer.close()
    child.close()


def test_a_token_is_not_printed():
    """Neither repr nor str of a token shows it."""
    token = AccessToken("eyJ0.secret.part", 1)
    assert "secret" not in f"{token!r}{token}{[token]}"
