"""The storage service's errors, by the codes that the REST references list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.faults.errors.vocabulary import listed
from airflow_provider_adls.emulator.gen2.codes import CODES
from airflow_provider_adls.emulator.gen2.errors import StorageError

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faults.effect import Effect

VOCABULARY = listed("a word, as ServerBusy is", {code: status for code, (status, _) in CODES.items()})
_BY_STATUS = {
    400: "InvalidInput",
    401: "InvalidAuthenticationInfo",
    403: "AuthorizationPermissionMismatch",
    404: "ResourceNotFound",
    409: "InternalOperationAbortError",
    412: "ConditionNotMet",
    416: "InvalidRange",
    500: "InternalError",
    # Throttling is a 503 here, as the scalability targets of storage accounts have it.
    503: "ServerBusy",
}


def error(effect: Effect) -> StorageError:
    """Return the error of a rule."""
    assert effect.status is not None
    otherwise = "InvalidInput" if effect.status < 500 else "InternalError"
    code = effect.error or _BY_STATUS.get(effect.status, otherwise)
    message = CODES[code][1] if effect.message is None else effect.message
    return StorageError(effect.status, code, message)
