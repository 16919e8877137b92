"""Lease operations on a path or on a container, by the words of the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.gen2.errors import header_refused, refused
from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2 import leases

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
    from airflow_provider_adls.emulator.store import Node

ACQUIRE, RENEW, CHANGE, RELEASE, BREAK = "acquire", "renew", "change", "release", "break"


@dataclass(frozen=True)
class LeaseRequest:
    """A request about a lease.

    :param action: one of the five.
    :param id: of the lease that the caller holds; empty for none.
    :param proposed: id that the lease is to have; empty for none.
    :param duration: seconds that an acquired lease lasts; None if the request does not say.
    :param period: seconds that a broken lease goes on; None for the rest of its time.
    """

    action: str
    id: str = ""
    proposed: str = ""
    duration: int | None = None
    period: int | None = None


def lease_path(call: FileCall, path: str, conditions: Conditions, request: LeaseRequest) -> tuple[Node, int]:
    """Do a lease operation on a path; its version stays (recorded).

    :return: the path, and the seconds that a broken lease goes on.
    """
    node = call.get(path)
    call.demand(node, access.WRITE)
    conditions.check(node)
    return _done(call, node, request)


def lease_container(call: FileCall, conditions: Conditions, request: LeaseRequest) -> tuple[Node, int]:
    """Do a lease operation on the call's container."""
    node = call.container_node()
    if call.role not in ("owner", "contributor"):
        raise refused("AuthorizationPermissionMismatch")
    conditions.check(node)
    return _done(call, node, request)


def _done(call: FileCall, node: Node, request: LeaseRequest) -> tuple[Node, int]:
    left = 0
    match request.action:
        case "acquire":
            if request.duration is None:
                raise header_refused(leases.DURATION, "")
            node = leases.acquire(node, request.proposed or request.id, request.duration, call.now)
        case "renew":
            node = leases.renew(node, request.id, call.now)
        case "change":
            if not request.proposed:
                raise header_refused(leases.PROPOSED, "")
            node = leases.change(node, request.id, request.proposed, call.now)
        case "release":
            node = leases.release(node, request.id)
        case "break":
            node, left = leases.broken(node, request.period, call.now)
        case _:
            raise header_refused("x-ms-lease-action", request.action)
    call.store.save(node)
    return node, left
