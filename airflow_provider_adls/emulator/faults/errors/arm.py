"""Resource Manager's errors, by the codes that it has for each status (Microsoft's list of them)."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.arm.denials import denial
from airflow_provider_adls.emulator.arm.errors import ArmError
from airflow_provider_adls.emulator.faults.errors.vocabulary import Vocabulary
from airflow_provider_adls.emulator.identity.tokens import TokenRejectedError

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faults.effect import Effect

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9.]*")
_EXPIRED = "ExpiredAuthenticationToken"
_BY_STATUS = {
    400: "BadRequest",
    401: _EXPIRED,
    403: "AuthorizationFailed",
    404: "ResourceNotFound",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
VOCABULARY = Vocabulary(
    "a word, as ServiceUnavailable is",
    # No list has them all.
    lambda error: error if _CODE.fullmatch(error) else None,
    {code: status for status, code in _BY_STATUS.items()},
)


def error(effect: Effect, words: str, tenant: str, now: float) -> ArmError:
    """Return the error of a rule's answer.

    :param words: the text of an error whose own words are not known.
    :param now: when an expired token ended, if it is one.
    """
    assert effect.status is not None
    phrase = HTTPStatus(effect.status).phrase if effect.status in set(HTTPStatus) else "Error"
    code = effect.error or _BY_STATUS.get(effect.status, re.sub(r"\W", "", phrase))
    if code == _EXPIRED and effect.message is None:
        made = denial(TokenRejectedError("expired", {"exp": now}), tenant)
        return ArmError(effect.status, made.code, str(made), made.headers)
    return ArmError(effect.status, code, f"{phrase}: {words}" if effect.message is None else effect.message)
