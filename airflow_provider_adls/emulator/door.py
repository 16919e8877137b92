"""The door of the file system: whether the token opens it.

Of the answers to a refused token only the exception's name and the status are documented
(azure-rest-api-specs, filesystem.json); code and texts are assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from airflow_provider_adls.emulator.identity import audiences
from airflow_provider_adls.emulator.identity.tokens import Flaw, TokenRejectedError, Tokens
from airflow_provider_adls.emulator.record import note
from airflow_provider_adls.emulator.rules.refusals import Refusal
from airflow_provider_adls.emulator.wire import Lake, decoded_path
from airflow_provider_adls.emulator.wire.answers import Answer, Answers
from airflow_provider_adls.emulator.wire.requests import glimpse

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.clock import Clock

_HEADER = "access token in the 'Authorization' header"
_REASONS: dict[Flaw, str] = {
    "missing": "The request has no 'Authorization' header.",
    "malformed": "The 'Authorization' header holds no access token.",
    "signature": f"The {_HEADER} has an invalid signature.",
    "tenant": f"The {_HEADER} is another tenant's.",
    "audience": f"The {_HEADER} is for another resource.",
    "expired": f"The {_HEADER} is expired.",
    "early": f"The {_HEADER} is not valid yet.",
    "principal": f"The {_HEADER} is an unknown principal's.",
}


class Unauthorized(Refusal):
    """A token that does not open the file system."""

    status = 401
    code: ClassVar[str] = "0x83090AA1"
    exception: ClassVar[str] = "SecurityException"
    java_class: ClassVar[str] = "java.lang.SecurityException"

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(_REASONS[flaw])


class Door:
    """Lets callers with a good token in.

    :param lake: the file systems of all accounts.
    :param tokens: what checks callers' tokens.
    :param clock: whose time the answers carry.
    """

    def __init__(self, lake: Lake, tokens: Tokens, clock: Clock) -> None:
        self._lake = lake
        self._tokens = tokens
        self._clock = clock

    async def handle(self, request: web.Request, account: str, prefix: str = "") -> web.StreamResponse:
        """Answer a request to an account.

        :param prefix: what stands before `/webhdfs/` or `/webhdfsext/` in the request's path.
        """
        note(account=account)
        try:
            path = decoded_path(request)[len(prefix) :]
            caller = self._tokens.check(request.headers.get("Authorization"), audiences.LAKE)
        except TokenRejectedError as error:
            seen = glimpse(request, prefix)
            note(operation=seen.operation, path=seen.path)
            return self.refusal(Unauthorized(error.flaw))
        except Refusal as refusal:
            return self.refusal(refusal)
        note(principal=caller.principal)
        return await self._lake.handle(request, account, path, caller.principal)

    def refusal(self, refusal: Refusal, operation: str = "", *, extended: bool = False) -> Answer:
        """The answer to a request that is not let in.

        :param extended: whether it came to `/webhdfsext`.
        """
        answer = Answers(self._clock, extended=extended).refusal(refusal, operation)
        if refusal.status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
