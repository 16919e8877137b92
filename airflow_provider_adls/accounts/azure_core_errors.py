"""`translated_azure_core_errors`: errors of the SDKs of azure-core as errors of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from airflow_provider_adls.accounts.errors import answered, strange_answer, unread
from airflow_provider_adls.model.advice import WAY_TO_MANAGEMENT, on_certificate, on_silence
from airflow_provider_adls.model.errors import ServiceUnreachableError


@contextmanager
def translated_azure_core_errors(operation: str, account: str, url: str) -> Iterator[None]:
    """Raise errors of `model.errors` where an SDK of azure-core raises its own.

    :param url: of the Resource Manager.
    """
    from azure.core.exceptions import AzureError, HttpResponseError

    try:
        yield
    except (json.JSONDecodeError, AttributeError, RecursionError) as error:
        # The SDK (26) takes any success for its own, and has no error for one that is not.
        raise unread(error, operation, account) from error
    except HttpResponseError as error:
        code = error.error.code if error.error else None
        raise answered(
            (error.error.message if error.error else None) or error.message,
            operation,
            account,
            status=error.status_code,
            code=code,
            request_id=getattr(error.response, "headers", {}).get("x-ms-request-id"),
        ) from error
    except AzureError as error:
        if strange := strange_answer(error.inner_exception, operation, account):
            raise strange from error
        unanswered = ServiceUnreachableError(
            f"the Resource Manager did not answer: {error.message}",
            operation=operation,
            account=account or None,
        )
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            unanswered.advise(on_certificate(str(error)))
        else:
            unanswered.advise(on_silence(url, WAY_TO_MANAGEMENT))
        raise unanswered from error
