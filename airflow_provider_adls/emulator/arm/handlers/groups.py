"""Handlers for resource groups.

A group is deleted with its accounts, and at once; the answer is that of an operation that takes long, as
the service's is, so that clients behave as they do there.
"""

from __future__ import annotations

import base64
import dataclasses
import json

from airflow_provider_adls.emulator.arm import definition, errors, fields
from airflow_provider_adls.emulator.arm.calls import WAIT, Answer, Call
from airflow_provider_adls.emulator.arm.groups import Group
from airflow_provider_adls.emulator.arm.pages import page
from airflow_provider_adls.emulator.arm.storage.accounts import under

_MEMBERS = frozenset({"location", "tags", "managedBy", "properties"})
_DELETION = "RESOURCEGROUPDELETIONJOB"


def put(call: Call) -> Answer:
    """Serve PUT of a group: 201 for a new one, 200 for an existing one."""
    name, body = call.parameters["group"], fields.resource(call.body, _MEMBERS)
    new = call.groups.find(name) is None
    group = Group(
        name=name,
        subscription=call.parameters["subscription"],
        location=definition.region(body.get("location")),
        tags=fields.texts("tags", body.get("tags")),
        managed_by=fields.text("managedBy", body.get("managedBy")),
    )
    return Answer(201 if new else 200, call.groups.put(group).shown())


def get(call: Call) -> Answer:
    """Serve GET of a group."""
    return Answer(200, _group(call).shown())


def head(call: Call) -> Answer:
    """Serve HEAD of a group: 204 if it exists, 404 if not."""
    return Answer(404 if call.groups.find(call.parameters["group"]) is None else 204)


def update(call: Call) -> Answer:
    """Serve PATCH of a group: tags are replaced as a whole."""
    group = _group(call)
    body = fields.resource(call.body, _MEMBERS)
    if body.get("location"):
        # `put` refuses another one than the group has.
        group = dataclasses.replace(group, location=definition.region(body["location"]))
    tags, manager = fields.texts("tags", body.get("tags")), fields.text("managedBy", body.get("managedBy"))
    changed = dataclasses.replace(
        group,
        tags=group.tags if tags is None else tags,
        managed_by=group.managed_by if manager is None else manager,
    )
    return Answer(200, call.groups.put(changed).shown())


def delete(call: Call) -> Answer:
    """Serve DELETE of a group, with its accounts and their files."""
    group = _group(call)
    for account in call.accounts.under(group.name):
        call.accounts.delete(group.name, account.name)
    for storage_account in under(call):
        call.storage.delete(storage_account)
    call.groups.delete(group)
    job = json.dumps({"jobId": f"{_DELETION}-{group.name}", "jobLocation": group.location})
    token = base64.urlsafe_b64encode(job.encode()).decode().rstrip("=")
    where = f"{call.base}/subscriptions/{group.subscription}/operationresults/{token}"
    return Answer(202, None, {"Location": f"{where}?api-version={call.version}", **WAIT})


def deletion(call: Call) -> Answer:
    """Serve GET of a deletion's end, where `Location` points: the group is gone by then."""
    token = call.parameters["operation"]
    try:
        job = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        known = str(job["jobId"]).startswith(_DELETION)
    except (ValueError, LookupError, TypeError, RecursionError):
        known = False
    if not known:
        raise errors.operation_missing()
    return Answer(200)


def list_all(call: Call) -> Answer:
    """Serve GET of the subscription's groups, in pages."""
    return page(call, [group.shown() for group in call.groups.all()])


def _group(call: Call) -> Group:
    return call.groups.get(call.parameters["group"])
