"""Lease operations as headers write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import leases
from airflow_provider_adls.emulator.rules.gen2.leasing import LeaseRequest

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faces.asks import Ask


def lease_request(ask: Ask) -> LeaseRequest:
    """Return the lease operation that a request asks for."""
    return LeaseRequest(
        action=ask.header("x-ms-lease-action").lower(),
        id=ask.lease,
        proposed=ask.header(leases.PROPOSED),
        duration=ask.header_number(leases.DURATION),
        period=ask.header_number(leases.PERIOD),
    )


@contextmanager
def naming(leased: str) -> Iterator[None]:
    """Write the refusal for want of a lease in the words of the Blob face (recorded).

    :param leased: kind of what would be leased: `blob` or `container`.
    """
    try:
        yield
    except StorageError as error:
        if error.code == "LeaseNotPresentWithLeaseOperation":
            error.message = f"There is currently no lease on the {leased}."
        raise
