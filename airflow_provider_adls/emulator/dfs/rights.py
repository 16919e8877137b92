"""Owners, permissions and ACLs on the DFS face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.dfs import answers
from airflow_provider_adls.emulator.faces import rights, tokens
from airflow_provider_adls.emulator.faces.asks import Ask, Reply, version_headers
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import access, attributes
from airflow_provider_adls.model import gen2
from airflow_provider_adls.model.acl import bits_of

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall

_MODES: dict[str, access.Mode] = {"set": "set", "modify": "modify", "remove": "remove"}


def get_access(call: FileCall, ask: Ask) -> Reply:
    """Return owner, group, permission and ACL of a path."""
    # Principals of the emulator have no other name than their id, so this changes nothing.
    ask.flag("upn")
    node = attributes.look(call, ask.path, ask.conditions(), ask.lease)
    acl = {"x-ms-acl": access.shown_acl(node)}
    return Reply(200, version_headers(node) | answers.owner_headers(node) | acl)


def check_access(call: FileCall, ask: Ask) -> Reply:
    """Ask whether the caller has rights on a path."""
    wanted = ask.query.get("fsaction", "").lower()
    if len(wanted) != len("rwx") or any(
        letter not in (right, "-") for letter, right in zip(wanted, "rwx", strict=True)
    ):
        raise refused("InvalidQueryParameterValue" if wanted else "MissingRequiredQueryParameter")
    access.check(call, ask.path, bits_of(wanted))
    return Reply(200)


def set_access(call: FileCall, ask: Ask) -> Reply:
    """Set owner, group, permission or ACL of a path."""
    permission, acl = ask.header("x-ms-permissions"), ask.header("x-ms-acl")
    owner, group = ask.header("x-ms-owner"), ask.header("x-ms-group")
    if permission and acl:
        raise refused("InvalidInput")
    if not (permission or acl or owner or group):
        raise refused("MissingRequiredHeader")
    node = access.set_access(
        call,
        ask.path,
        ask.conditions(),
        owner=owner,
        group=group,
        permission=rights.permission(permission),
        entries=rights.entries(acl),
        lease=ask.lease,
    )
    return Reply(200, version_headers(node) | answers.NAMESPACE)


def change_tree(call: FileCall, ask: Ask) -> Reply:
    """Change the ACLs of a tree, some paths at a time."""
    mode = _MODES.get(ask.query.get("mode", "").lower())
    if mode is None:
        raise refused(
            "InvalidQueryParameterValue" if "mode" in ask.query else "MissingRequiredQueryParameter"
        )
    entries = rights.entries(ask.header("x-ms-acl"), rights=mode != "remove")
    if entries is None:
        raise refused("MissingRequiredHeader")
    limit = ask.number("maxrecords", least=1) or gen2.ACL_BATCH
    batch = access.change_tree(
        call,
        ask.path,
        mode,
        entries,
        start=tokens.read(ask.query.get("continuation", "")),
        limit=min(limit, gen2.ACL_BATCH),
        force=ask.flag("forceflag"),
    )
    failures = [
        {
            "errorMessage": "This request is not authorized to perform this operation using this permission.",
            "name": failure.path[1:],
            "type": "DIRECTORY" if failure.directory else "FILE",
        }
        for failure in batch.failures
    ]
    body = {
        "directoriesSuccessful": batch.directories,
        "failedEntries": failures,
        "failureCount": len(failures),
        "filesSuccessful": batch.files,
    }
    headers = dict(answers.NAMESPACE)
    if batch.rest is not None:
        headers[answers.CONTINUATION] = tokens.written(batch.rest)
    reply = answers.json_reply(body, headers)
    # The one answer whose JSON goes without a type (recorded).
    del reply.headers["Content-Type"]
    return reply
