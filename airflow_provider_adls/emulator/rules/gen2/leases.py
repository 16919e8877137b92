"""Leases: an exclusive right to write a path or a container, for a time or for good."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator.gen2.errors import header_refused, refused
from airflow_provider_adls.emulator.rules.gen2 import properties

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store import Node

AVAILABLE, LEASED, EXPIRED, BREAKING, BROKEN = "available", "leased", "expired", "breaking", "broken"
INFINITE = -1
SHORTEST, LONGEST = 15, 60
#: Headers of lease operations.
ID, PROPOSED = "x-ms-lease-id", "x-ms-proposed-lease-id"
DURATION, PERIOD = "x-ms-lease-duration", "x-ms-lease-break-period"


class Lease(NamedTuple):
    """A lease as it is stored.

    :param id: GUID with hyphens.
    :param duration: seconds, or INFINITE.
    :param until: milliseconds since 1970 when it ends, or has been broken; 0 for never.
    :param state: LEASED, BREAKING or BROKEN, at the time when it was stored.
    """

    id: str
    duration: int
    until: int
    state: str = LEASED

    def state_at(self, now: int) -> str:
        """Return the state at a time in milliseconds since 1970."""
        if self.until and now >= self.until:
            return {LEASED: EXPIRED, BREAKING: BROKEN}.get(self.state, self.state)
        return self.state


def of(node: Node) -> Lease | None:
    """Return the lease of a node, whatever its state."""
    stored = properties.of(node).get(properties.LEASE)
    return Lease(*stored) if stored else None


def state(node: Node, now: int) -> str:
    """Return the state of a node's lease."""
    lease = of(node)
    return AVAILABLE if lease is None else lease.state_at(now)


def is_locked(node: Node, now: int) -> bool:
    """Return whether a lease keeps others from writing."""
    return state(node, now) in (LEASED, BREAKING)


def lease_id(text: str, header: str = ID) -> str:
    """Return a lease id as it is stored: a GUID with hyphens (recorded: they may be missing).

    :param header: header with it.
    :raises StorageError: for what is not a GUID.
    """
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise header_refused(header, text) from None


def demand(node: Node, given: str, now: int) -> None:
    """Check that a request may write a path.

    :param given: the lease id that it carries; empty for none.
    :raises StorageError: if the path is leased to another, or is not leased and an id was given.
    """
    lease = of(node)
    if lease is None:
        if given:
            raise refused("LeaseNotPresent")
        return
    if lease.state_at(now) in (LEASED, BREAKING):
        if not given:
            raise refused("LeaseIdMissing")
        if lease_id(given) != lease.id:
            raise refused("LeaseIdMismatch")
    elif given:
        raise refused("LeaseLost" if lease_id(given) == lease.id else "LeaseIdMismatch")


def demand_read(node: Node, given: str, now: int) -> None:
    """Check the lease id of a request that only reads, which may carry none."""
    if given:
        demand(node, given, now)


def acquire(node: Node, proposed: str, duration: int, now: int) -> Node:
    """Lease a path.

    :param proposed: id that the lease gets; empty for one that is made up.
    :raises StorageError: if another has leased it.
    """
    if duration != INFINITE and not SHORTEST <= duration <= LONGEST:
        raise header_refused(DURATION, duration)
    wanted = lease_id(proposed, PROPOSED) if proposed else str(uuid.uuid4())
    lease = of(node)
    if lease is not None:
        current = lease.state_at(now)
        if current == LEASED and lease.id != wanted:
            raise refused("LeaseAlreadyPresent")
        if current == BREAKING:
            same = lease.id == wanted
            raise refused("LeaseIsBreakingAndCannotBeAcquired" if same else "LeaseAlreadyPresent")
    return _stored(node, Lease(wanted, duration, _end(duration, now)))


def renew(node: Node, given: str, now: int) -> Node:
    """Begin the time of a lease anew; one that has expired is leased again."""
    lease = _named(node, given)
    if lease.state_at(now) in (BREAKING, BROKEN):
        raise refused("LeaseIsBrokenAndCannotBeRenewed")
    return _stored(node, lease._replace(until=_end(lease.duration, now)))


def change(node: Node, given: str, proposed: str, now: int) -> Node:
    """Give a lease another id.

    :raises StorageError: if neither the old nor the new id is the lease's.
    """
    new = lease_id(proposed, PROPOSED)
    lease = of(node)
    if lease is not None and lease.id == new and lease.state_at(now) == LEASED:
        return node
    lease = _named(node, given)
    current = lease.state_at(now)
    if current == BREAKING:
        raise refused("LeaseIsBreakingAndCannotBeChanged")
    if current != LEASED:
        raise refused("LeaseNotPresentWithLeaseOperation")
    return _stored(node, lease._replace(id=new))


def release(node: Node, given: str) -> Node:
    """End a lease."""
    _named(node, given)
    return ended(node)


def ended(node: Node) -> Node:
    """Return a node without a lease."""
    return properties.changed(node, lease=None)


def broken(node: Node, period: int | None, now: int) -> tuple[Node, int]:
    """End a lease whose id the caller need not know.

    :param period: seconds that it goes on at most; None for as long as it would have.
    :return: the node, and the seconds that the lease goes on.
    """
    lease = of(node)
    if lease is None:
        raise refused("LeaseNotPresentWithLeaseOperation")
    current = lease.state_at(now)
    if current in (EXPIRED, BROKEN):
        return _stored(node, lease._replace(state=BROKEN, until=now)), 0
    left = max(0, -(-(lease.until - now) // 1000)) if lease.until else None
    if period is not None and not 0 <= period <= LONGEST:
        raise header_refused(PERIOD, period)
    seconds = period or 0 if left is None else left if period is None else min(period, left)
    until = now + seconds * 1000
    return _stored(node, lease._replace(state=BREAKING if seconds else BROKEN, until=until)), seconds


def _named(node: Node, given: str) -> Lease:
    if not given:
        raise header_refused(ID, "")
    lease = of(node)
    wanted = lease_id(given)
    if lease is None:
        raise refused("LeaseNotPresentWithLeaseOperation")
    if lease.id != wanted:
        raise refused("LeaseIdMismatchWithLeaseOperation")
    return lease


def _stored(node: Node, lease: Lease) -> Node:
    return properties.changed(node, lease=list(lease))


def _end(duration: int, now: int) -> int:
    return 0 if duration == INFINITE else now + duration * 1000
