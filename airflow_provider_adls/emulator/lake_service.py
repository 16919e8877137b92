"""`LakeService`: checks the account's firewall and the token, and passes requests to the file system.

Of the answers to a refused token only the exception's name and the status are documented
(azure-rest-api-specs, filesystem.json); code and texts are assumed. The answer to a client that the firewall
refuses is assumed too: it is that to a missing right, with a text that names the address, and precedes the
check of the token, as a network's refusal does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from airflow_provider_adls.emulator.identity import audiences
from airflow_provider_adls.emulator.identity.tokens import Flaw, TokenRejectedError, Tokens
from airflow_provider_adls.emulator.record import note
from airflow_provider_adls.emulator.rules.refusals import Refusal
from airflow_provider_adls.emulator.webhdfs import Lake, decoded_path, is_extended
from airflow_provider_adls.emulator.webhdfs.answers import Answers
from airflow_provider_adls.emulator.webhdfs.requests import glimpse

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.answer import Answer
    from airflow_provider_adls.emulator.arm.accounts import Accounts
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.origins import Address, Origins

#: The first version of the API, which no other SDK than Node's sends.
PREVIEW = "2015-10-01-preview"
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
    """A token that the file system rejects."""

    status = 401
    code: ClassVar[str] = "0x83090AA1"
    exception: ClassVar[str] = "SecurityException"

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(_REASONS[flaw])


class FirewallDenied(Refusal):
    """A client whose address the account's firewall does not let in."""

    status = 403
    code: ClassVar[str] = "0x83090AA2"
    exception: ClassVar[str] = "AccessControlException"

    def __init__(self, address: Address | None) -> None:
        super().__init__(f"The client's address {address} is not allowed by the firewall of the account.")


@dataclass(frozen=True)
class LakeService:
    """The file system service: firewall, token, and then the lake."""

    lake: Lake
    accounts: Accounts
    origins: Origins
    tokens: Tokens
    clock: Clock

    async def handle(self, request: web.Request, account: str, prefix: str = "") -> web.StreamResponse:
        """Answer a request to an account.

        :param prefix: part of the request's path before `/webhdfs/` or `/webhdfsext/`.
        """
        note(account=account)
        try:
            address = self.origins.of(request)
            if not self.accounts.let_in(account, address):
                raise FirewallDenied(address)
            path = decoded_path(request)[len(prefix) :]
            accepted = audiences.LAKE | audiences.ARM if _is_preview(request) else audiences.LAKE
            caller = self.tokens.check(request.headers.get("Authorization"), accepted)
        except TokenRejectedError as error:
            seen = glimpse(request, prefix)
            note(operation=seen.operation, path=seen.path)
            return self.refusal(Unauthorized(error.flaw), extended=is_extended(path))
        except Refusal as refusal:
            return self.refusal(refusal)
        note(principal=caller.principal)
        return await self.lake.handle(request, account, path, caller.principal)

    def refusal(self, refusal: Refusal, operation: str = "", *, extended: bool = False) -> Answer:
        """Return the answer to a refused request.

        :param extended: whether it came to `/webhdfsext`.
        """
        answer = Answers(self.clock, extended=extended).refusal(refusal, operation)
        if refusal.status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer


def _is_preview(request: web.Request) -> bool:
    # The Node SDK signs in once, for Resource Manager, and speaks to both services (its README).
    return PREVIEW in request.raw_path.partition("?")[2]
