"""`Transport`: one request to the service, sent until it is answered for good."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import aiohttp

from airflow_provider_adls.client import answers, intake
from airflow_provider_adls.client.body import payload
from airflow_provider_adls.client.deadlines import Deadline
from airflow_provider_adls.client.failures import Failure, Subject, of_answer, of_transport
from airflow_provider_adls.client.pieces import Pieces
from airflow_provider_adls.client.retry import PATIENCE, Attempts, Effect, RetryPolicy
from airflow_provider_adls.model.advice import STRANGER
from airflow_provider_adls.model.errors import (
    RequestError,
    ServiceFailureError,
    ThrottledError,
    TokenRejectedError,
)
from airflow_provider_adls.model.tokens import object_id

if TYPE_CHECKING:
    from airflow_provider_adls.client.connections import Connections, Open
    from airflow_provider_adls.client.dialect import Dialect, Request
    from airflow_provider_adls.client.interface import Take
    from airflow_provider_adls.client.tokens import Authorizer

logger = logging.getLogger(__name__)
T = TypeVar("T")
P = TypeVar("P")
#: The status of a service that has too much to do.
_BUSY = 503
#: Requests of more bytes say how long the bytes took, and not how far the service is.
SMALL = 64 * 1024
#: Errors of aiohttp for an exchange that does not come to its end.
BROKEN = (aiohttp.ClientError, OSError, TimeoutError)
#: Errors of reading an answer that does not fit the operation; of XML, SyntaxError.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, SyntaxError)


class Answer(NamedTuple):
    """A complete answer that is not an error.

    :param pieces: its content, as it arrived.
    """

    status: int
    headers: Mapping[str, str]
    pieces: Sequence[bytes] = ()

    @property
    def body(self) -> bytes:
        """Its content."""
        return b"".join(self.pieces)


class Refused(Exception):  # noqa: N818 - it never leaves this package
    """An attempt that failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure.error))
        self.failure = failure


#: Looks at the lake after an answer was lost: gives the answer if the work was done, None if not.
Settle = Callable[[RequestError], Awaitable[Answer | None]]
#: The answer of work that was found done.
DONE = Answer(200, {})


class Transport:
    """Sends requests to one account.

    :param account: short name.
    :param endpoint: URL of the account, without a slash at its end.
    :param dialect: the protocol of the account.
    """

    def __init__(
        self,
        account: str,
        endpoint: str,
        dialect: Dialect,
        authorizer: Authorizer,
        connections: Connections,
        policy: RetryPolicy,
    ) -> None:
        self.account = account
        self._endpoint = endpoint
        self._dialect = dialect
        self._authorizer = authorizer
        self._connections = connections
        self._policy = policy
        self.lanes = connections.lanes

    def subject(self, request: Request) -> Subject:
        """Return what the errors of a request say it is about."""
        return Subject(request.operation, request.path, self.account)

    async def send(self, request: Request, settle: Settle | None = None) -> Answer:
        """Send a request, again where that is safe and may help.

        :param settle: for a request that must not be blindly repeated: finds out whether it was done.
        :raises RequestError: of the last attempt.
        """
        began = time.monotonic()
        try:
            return await self._exchange(request, 0)
        except Refused as error:
            refused = error

        async def lost(error: RequestError) -> Answer | None:
            if self._dialect.is_repeatable(request):
                return None
            if settle is None:
                raise error
            return await settle(error)

        return await self._persist(partial(self._exchange, request), lost, refused, began)

    async def _exchange(self, request: Request, attempt: int) -> Answer:
        here = await self._connections.here()
        await self.lanes.enter(here.gate, self._patience)
        began = time.monotonic()
        try:
            response = await self._open(request, attempt, here)
            answer = Answer(response.status, response.headers, await self._whole(request, response))
        finally:
            self.lanes.leave(here.gate)
        if len(request.content or b"") <= SMALL and (not request.reads or request.length is None):
            self.lanes.answered(time.monotonic() - began)
        return answer

    async def _begin(self, request: Request, attempt: int) -> aiohttp.ClientResponse:
        """Return an answer whose content the caller reads at a pace of its own, with no lane held."""
        here = await self._connections.here()
        await self.lanes.enter(here.gate, self._patience)
        try:
            return await self._open(request, attempt, here)
        finally:
            self.lanes.leave(here.gate)

    async def stream(
        self, request: Request, begun: Callable[[Answer], object] = lambda _: None
    ) -> AsyncGenerator[bytes, None]:
        """Yield the content of an answer as it arrives.

        :param begun: called with status and headers before the content; what it raises ends the stream.
        :raises RequestError: if no answer begins, or one breaks off.
        """
        response = await self._repeat(partial(self._begin, request))
        try:
            begun(Answer(response.status, response.headers))
            async with aclosing(self._content(request, response, answers.content)) as arriving:
                async for piece in arriving:
                    yield piece
        except Refused as refused:
            raise refused.failure.error from refused.__cause__
        finally:
            # Closes the connection if content is still to come, and gives it back otherwise.
            response.release()

    async def receive(
        self, request: Request, take: Take, offset: int, begun: Callable[[Answer], object] = lambda _: None
    ) -> int:
        """Hand over the content of an answer as it arrives; a lane is held until its end.

        :param take: awaited with a piece and its offset, from the beginning again where an answer broke off.
            The piece's memory is used again afterwards.
        :param offset: of the content's first byte.
        :param begun: called with status and headers before the content; what it raises ends the request.
        :returns: bytes of the content.
        :raises RequestError: of the last attempt.
        """
        return await self._repeat(partial(self._receive, request, take, offset, begun))

    async def _receive(
        self, request: Request, take: Take, offset: int, begun: Callable[[Answer], object], attempt: int
    ) -> int:
        here = await self._connections.here()
        await self.lanes.enter(here.gate, self._patience)
        received = 0
        try:
            response = await self._open(request, attempt, here)
            try:
                begun(Answer(response.status, response.headers))
                async with aclosing(self._content(request, response, intake.arriving)) as arriving:
                    async for piece in arriving:
                        await take(piece, offset + received)
                        received += len(piece)
            finally:
                response.release()
        finally:
            self.lanes.leave(here.gate)
        return received

    async def _content(
        self, request: Request, response: aiohttp.ClientResponse, read: Callable[..., AsyncGenerator[P, None]]
    ) -> AsyncGenerator[P, None]:
        try:
            self._check_framing(request, response)
            async with aclosing(read(request, response, self._silence)) as pieces:
                async for piece in pieces:
                    yield piece
        except BROKEN as error:
            raise Refused(self._broken(request, error, response.status)) from error

    async def json(self, request: Request, read: Callable[[Any], T]) -> T:
        """Send a request and read its answer's JSON.

        :param read: makes the result of the JSON; what it does not find is the service's failure.
        :raises ServiceFailureError: if the answer is not what the operation gives.
        """
        answer = await self.send(request)
        return self.read(request, answer, read)

    def read(self, request: Request, answer: Answer, read: Callable[[Any], T]) -> T:
        """Read an answer's JSON, as :meth:`json` does."""
        return self.read_answer(request, answer, lambda answer: read(json.loads(answer.body)))

    def read_answer(self, request: Request, answer: Answer, read: Callable[[Answer], T]) -> T:
        """Read an answer, its headers or its content.

        :param read: makes the result; what it does not find is the service's failure.
        :raises ServiceFailureError: if the answer is not what the operation gives.
        """
        try:
            return read(answer)
        except UNREADABLE as error:
            failure = self.subject(request).error(
                ServiceFailureError,
                f"the answer is not what the operation gives: {type(error).__name__}: {error}",
                status=answer.status,
                request_id=self._dialect.request_id(answer.headers),
            )
            failure.advise(STRANGER)
            raise failure from error

    async def _repeat(self, exchange: Callable[[int], Awaitable[T]]) -> T:
        """Make attempts at a request that changes nothing."""

        async def again(_: RequestError) -> None:
            return None

        began = time.monotonic()
        try:
            return await exchange(0)
        except Refused as refused:
            return await self._persist(exchange, again, refused, began)

    async def _persist(
        self,
        exchange: Callable[[int], Awaitable[T]],
        lost: Callable[[RequestError], Awaitable[T | None]],
        refused: Refused,
        began: float,
    ) -> T:
        """Make attempts after the first has failed, until one gives a result or none is left.

        :param exchange: one attempt; takes the number of those that failed before it.
        :param lost: called after an attempt of unknown effect: its result, or None to try again.
        :param refused: failure of the first attempt.
        :param began: when it began, by the monotonic clock.
        """
        attempts = Attempts(self._policy, began)
        token_rejected = False
        while True:
            failure, cause = refused.failure, refused.__cause__
            error = failure.error
            refused.__traceback__ = None
            if cause is not None:
                # Its frames hold the token, for whatever records local variables.
                cause.__traceback__ = None
            # A new token is worth one attempt, and another one after the service was waited for.
            renewed, token_rejected = token_rejected, isinstance(error, TokenRejectedError)
            if renewed or not token_rejected:
                if failure.effect is Effect.FINAL or token_rejected:
                    raise error from cause
                throttled = isinstance(error, ThrottledError)
                wait = attempts.next_wait(failure.retry_after, throttled=throttled)
                if throttled or error.status == _BUSY:
                    # A time that is too long for this request must not hold the others either.
                    self.lanes.throttled(None if wait is None else failure.retry_after)
                logger.debug("%s; next attempt in %s s", error, wait)
                await asyncio.sleep(wait or 0)
                if failure.effect is Effect.UNKNOWN and (result := await lost(error)) is not None:
                    return result
                if wait is None:
                    raise error from cause
            self.lanes.retries += 1
            try:
                return await exchange(attempts.failures)
            except Refused as again:
                refused = again

    async def _open(self, request: Request, attempt: int, here: Open) -> aiohttp.ClientResponse:
        """Return an answer that is not an error; its content is still to be read.

        :raises Refused: if there is none.
        """
        headers = {
            "Accept-Encoding": "identity" if request.reads else answers.ENCODINGS,
            **self._dialect.headers(request, attempt),
        }
        method, length = self._dialect.method(request), len(request.content or b"")
        url, token = await self._authorizer.authorize(
            method, self._dialect.url(self._endpoint, request), headers, length
        )
        try:
            with Deadline(here.watch, self._seconds_to_answer(request)):
                response = await here.session.request(
                    method,
                    url,
                    data=payload(request.content),
                    headers=headers,
                    proxy=self._connections.proxy,
                    allow_redirects=False,
                )
        except BROKEN as error:
            if isinstance(request.content, Pieces) and request.content.failure:
                raise request.content.failure from None
            raise Refused(self._broken(request, error)) from error
        if response.status < 300:
            return response
        body = b"".join(await self._whole(request, response))
        failure = of_answer(
            self.subject(request)._replace(
                principal=object_id(token) if token else None, secrets=self._authorizer.secrets(token)
            ),
            response.status,
            response.headers,
            self._dialect.refusal(response.status, response.headers, body),
            url=str(url.origin()),
        )
        if isinstance(failure.error, TokenRejectedError):
            await self._authorizer.reject(token)
        raise Refused(failure)

    def _patience(self) -> float:
        """Return the most seconds that a request waits because the service throttles others."""
        if self._policy.attempts == 1:
            return 0.0
        patience = PATIENCE.get()
        return self._policy.total_seconds if patience is None else patience.seconds

    @property
    def _silence(self) -> float:
        return self._connections.limits.silence_seconds

    def _seconds_to_answer(self, request: Request) -> float:
        return answers.TOTAL * self._silence + len(request.content or b"") / answers.LEAST_RATE

    async def _whole(self, request: Request, response: aiohttp.ClientResponse) -> list[bytes]:
        """Return all of an answer's content, which aiohttp would copy to put it together."""
        is_error = response.status >= 300
        try:
            if request.reads and not is_error:
                self._check_framing(request, response)
                return [piece async for piece in answers.content(request, response, self._silence)]
            return [await answers.text(response, self._silence, is_error=is_error)]
        except BROKEN as error:
            raise Refused(self._broken(request, error, response.status)) from error
        finally:
            response.release()

    def _check_framing(self, request: Request, response: aiohttp.ClientResponse) -> None:
        """Refuse content whose end is only the connection's end: nobody could know that it is whole."""
        headers = response.headers
        if "Content-Length" in headers or "Transfer-Encoding" in headers:
            return
        if self._dialect.needs_length(request):
            raise aiohttp.ClientPayloadError("the answer does not say how long it is")

    def _broken(self, request: Request, error: Exception, status: int | None = None) -> Failure:
        return of_transport(self.subject(request), error, endpoint=self._endpoint, status=status)
