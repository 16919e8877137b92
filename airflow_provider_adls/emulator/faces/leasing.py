"""Lease operations as headers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules.gen2.leasing import LeaseRequest

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faces.asks import Ask


def lease_request(ask: Ask) -> LeaseRequest:
    """Return the lease operation that a request asks for."""
    return LeaseRequest(
        action=ask.header("x-ms-lease-action").lower(),
        id=ask.lease,
        proposed=ask.header("x-ms-proposed-lease-id"),
        duration=ask.header_number("x-ms-lease-duration"),
        period=ask.header_number("x-ms-lease-break-period"),
    )
