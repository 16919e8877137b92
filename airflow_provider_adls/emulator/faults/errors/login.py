"""The authority's errors, by AADSTS number (Microsoft's list of them)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.faults.errors.vocabulary import Vocabulary
from airflow_provider_adls.emulator.identity import errors
from airflow_provider_adls.emulator.identity.errors import AuthorityError, Template

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faults.effect import Effect
    from airflow_provider_adls.emulator.faults.subject import Subject

_CODE = re.compile(r"AADSTS[0-9]{4,8}", re.IGNORECASE)
#: Errors whose words are known.
_ERRORS = {
    f"AADSTS{template.code}": template
    for template in (
        errors.tenant_unknown,
        errors.client_unknown,
        errors.secret_wrong,
        errors.secret_expired,
        Template(90023, "invalid_request", "The authentication service request isn't valid."),
        Template(90033, "temporarily_unavailable", "A transient error has occurred. Please try again.", 503),
        Template(90055, "temporarily_unavailable", "There are too many incoming requests.", 429),
    )
}
_BY_STATUS = {401: "AADSTS7000215", 429: "AADSTS90055"}
VOCABULARY = Vocabulary(
    "AADSTS and a number",
    lambda error: error.upper() if _CODE.fullmatch(error) else None,
    {name: template.status for name, template in _ERRORS.items()},
)


def error(effect: Effect, asked: Subject, words: str, tenant: str) -> AuthorityError:
    """Return the error of a rule's answer.

    :param words: the text of an error whose own words are not known.
    """
    assert effect.status is not None
    by_status = _BY_STATUS.get(effect.status, "AADSTS90023" if effect.status < 500 else "AADSTS90033")
    name = effect.error or by_status
    client_id = asked.principal.client_id if asked.principal else ""
    text = f"Sign-in failed: {words}"
    if name in _ERRORS:
        text = _ERRORS[name].text.format(client_id=client_id, tenant=tenant)
    if effect.message is not None:
        text = effect.message
    # Of an error whose words are not known, OAuth's name for it is that of its status.
    oauth = _ERRORS.get(name, _ERRORS[by_status]).error
    return AuthorityError(int(name.removeprefix("AADSTS")), oauth, text, effect.status)
