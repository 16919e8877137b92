"""Content on the DFS face: appended, flushed, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.dfs import answers
from airflow_provider_adls.emulator.faces import bodies, reading
from airflow_provider_adls.emulator.faces.asks import Ask, Reply, version_headers
from airflow_provider_adls.emulator.gen2.errors import StorageError, refused
from airflow_provider_adls.emulator.rules.gen2 import content, leases, properties

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall


def append(call: FileCall, ask: Ask) -> Reply:
    """Append bytes at an offset."""
    position = ask.number("position")
    if position is None:
        raise refused("MissingRequiredQueryParameter")
    if not ask.body:
        raise refused("InvalidHeaderValue")
    digests = bodies.check(ask.headers, ask.body)
    lease = _lease_use(ask)
    flushing = content.Flush(headers=_own_type(ask)) if ask.flag("flush") else None
    node = content.append(call, ask.path, ask.body.content, position, lease, flushing)
    headers = {answers.ENCRYPTED: "true", **digests, **answers.key_headers(call)}
    if flushing is not None:
        headers |= version_headers(node)
    return Reply(202, headers | _renewed(lease))


def flush(call: FileCall, ask: Ask) -> Reply:
    """Make what was appended the file's content."""
    position = ask.number("position")
    if position is None:
        raise refused("MissingRequiredQueryParameter")
    if ask.headers.get("Content-Length", "0") != "0":
        raise refused("ContentLengthMustBeZero")
    lease = _lease_use(ask)
    # It says that no more is to come, which only those notice who listen to events.
    ask.flag("close")
    flushing = content.Flush(
        keep_rest=ask.flag("retainuncommitteddata"),
        headers=_own_type(ask) | ask.content_headers("x-ms-"),
    )
    try:
        node = content.flush(call, ask.path, position, ask.conditions(), lease, flushing)
    except StorageError as error:
        if error.code != "ConditionNotMet":
            raise
        # The one refusal that comes without content (recorded).
        return Reply(error.status, {"x-ms-error-code": error.code})
    encrypted = bool(call.key) or ask.version <= answers.LAST_ENCRYPTED_FLUSH
    headers = {**version_headers(node), answers.ENCRYPTED: str(encrypted).lower()}
    return Reply(200, headers | answers.key_headers(call) | _renewed(lease))


def read(call: FileCall, ask: Ask) -> Reply:
    """Return a file, or a range of it."""
    node = content.demand_read(call, ask.path, ask.conditions(), ask.lease)
    return reading.read(call, ask, node, answers.path_headers(call, ask, node))


def _lease_use(ask: Ask) -> content.LeaseUse:
    action = ask.header("x-ms-lease-action").lower()
    if action and action not in content.LEASE_ACTIONS:
        raise refused("InvalidHeaderValue")
    duration = ask.header_number("x-ms-lease-duration")
    return content.LeaseUse(
        id=ask.lease,
        action=action,
        proposed=ask.header("x-ms-proposed-lease-id"),
        duration=leases.INFINITE if duration is None else duration,
    )


def _own_type(ask: Ask) -> dict[str, str]:
    """Return the type of the request's own content, which a flush makes the file's (recorded)."""
    return {properties.TYPE: kind} if (kind := ask.header("Content-Type")) else {}


def _renewed(lease: content.LeaseUse) -> dict[str, str]:
    return {"x-ms-lease-renewed": "true"} if lease.action == content.AUTO_RENEW else {}
