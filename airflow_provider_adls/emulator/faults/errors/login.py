"""The authority's errors, by AADSTS number (Microsoft's list of them)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.identity import errors
from airflow_provider_adls.emulator.identity.errors import AuthorityError

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator.criteria import RequestInfo
    from airflow_provider_adls.emulator.faults.effect import Effect

_CODE = re.compile(r"AADSTS([0-9]{4,8})", re.IGNORECASE)
#: Errors whose words are known, made from client id and tenant.
_ERRORS: dict[int, Callable[[str, str], AuthorityError]] = {
    90002: lambda _client, tenant: errors.tenant_unknown(tenant),
    90023: lambda _client, _tenant: AuthorityError(
        90023, "invalid_request", "The authentication service request isn't valid."
    ),
    90033: lambda _client, _tenant: AuthorityError(
        90033, "temporarily_unavailable", "A transient error has occurred. Please try again.", 503
    ),
    90055: lambda _client, _tenant: AuthorityError(
        90055, "temporarily_unavailable", "There are too many incoming requests.", 429
    ),
    700016: errors.client_unknown,
    7000215: lambda client, _tenant: errors.secret_wrong(client),
    7000222: lambda client, _tenant: errors.secret_expired(client),
}
_BY_STATUS = {401: 7000215, 429: 90055}


def known(error: str) -> str | None:
    """Return the name as the authority writes it, or None."""
    return error.upper() if _CODE.fullmatch(error) else None


def default_status(error: str) -> int | None:
    """Return the status of an error, or None for an unknown one."""
    make = _ERRORS.get(_number(error))
    return make("", "").status if make else None


def error(effect: Effect, asked: RequestInfo, words: str, tenant: str) -> AuthorityError:
    """Return the error of a rule's answer.

    :param words: the text of an error whose own words are not known.
    """
    assert effect.status is not None
    by_status = _BY_STATUS.get(effect.status, 90023 if effect.status < 500 else 90033)
    number = _number(effect.error) if effect.error else by_status
    # Of an error whose words are not known, OAuth's name for it is that of its status.
    make = _ERRORS.get(number)
    made = (make or _ERRORS[by_status])(asked.principal.client_id if asked.principal else "", tenant)
    text = str(made).partition(": ")[2] if make else f"Sign-in failed: {words}"
    if effect.message is not None:
        text = effect.message
    return AuthorityError(number, made.error, text, effect.status)


def _number(error: str) -> int:
    return int(error[len("AADSTS") :])
