"""Operations on an account's containers, as resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.arm import fields
from airflow_provider_adls.emulator.arm.account import timestamp
from airflow_provider_adls.emulator.arm.calls import Answer, Call
from airflow_provider_adls.emulator.arm.pages import page
from airflow_provider_adls.emulator.arm.storage import errors
from airflow_provider_adls.emulator.arm.storage.accounts import TEXT, account_of
from airflow_provider_adls.emulator.arm.storage.shown import resource_id
from airflow_provider_adls.emulator.gen2.start import CONTAINER_NAME

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.gen2.account import StorageAccount
    from airflow_provider_adls.emulator.rules.gen2.namespaces import Container

_TYPE = f"{errors.ACCOUNT_TYPE}/blobServices/containers"

#: Public access by its names here, as the Blob face names it.
_ACCESS = {"None": "", "Blob": "blob", "Container": "container"}
#: Fields that the answer to a change leaves out (recorded).
_NOT_IN_PATCH = (
    "defaultEncryptionScope",
    "denyEncryptionScopeOverride",
    "leaseStatus",
    "leaseState",
    "lastModifiedTime",
    "legalHold",
)


def create(call: Call) -> Answer:
    """PUT a container: 201 for a new one, 200 for one that exists."""
    account, name = account_of(call), call.parameters["container"]
    if not CONTAINER_NAME.fullmatch(name):
        raise errors.container_name_invalid()
    metadata = fields.texts("metadata", _properties(call.body).get("metadata")) or {}
    made = call.storage.file_systems.create_container(account.name, name, account.owner, metadata)
    container = made or _container(call, account)
    return Answer(201 if made else 200, _envelope(account, container.name), _etag(container))


def get(call: Call) -> Answer:
    """GET a container."""
    account = account_of(call)
    container = _container(call, account)
    return Answer(200, _shown(account, container), _etag(container))


def list_all(call: Call) -> Answer:
    """GET the containers of an account."""
    account = account_of(call)
    containers = call.storage.file_systems.containers(account.name)
    return page(call, [_shown(account, container) for container in containers])


def update(call: Call) -> Answer:
    """PATCH metadata and public access of a container."""
    account, name = account_of(call), call.parameters["container"]
    metadata, public = fields.texts("metadata", _properties(call.body).get("metadata")), _public(call.body)
    changed = call.storage.file_systems.change_container(account.name, name, metadata, public)
    if changed is None:
        raise errors.container_missing()
    shown = _shown(account, changed)
    properties = {key: value for key, value in shown.pop("properties").items() if key not in _NOT_IN_PATCH}
    del shown["etag"]
    return Answer(200, {**shown, "properties": properties}, _etag(changed))


def delete(call: Call) -> Answer:
    """DELETE a container with its files.

    It can be restored where the account keeps deleted containers. (Assumed.)
    """
    account = account_of(call)
    name, kept = call.parameters["container"], account.container_retention_days
    known = call.storage.file_systems.delete_container(account.name, name, kept)
    return Answer(200, None, TEXT) if known else Answer(204)


def _container(call: Call, account: StorageAccount) -> Container:
    wanted = call.parameters["container"]
    containers = call.storage.file_systems.containers(account.name)
    found = next((container for container in containers if container.name == wanted), None)
    if found is None:
        raise errors.container_missing()
    return found


def _properties(body: object) -> dict[str, Any]:
    return fields.members("properties", fields.members("body", body).get("properties"))


def _public(body: object) -> str | None:
    access = _properties(body).get("publicAccess")
    if access is None:
        return None
    if not isinstance(access, str) or access not in _ACCESS:
        raise errors.value_invalid(name="publicAccess")
    return _ACCESS[access]


def _envelope(account: StorageAccount, name: str) -> dict[str, Any]:
    return {
        "id": f"{resource_id(account)}/blobServices/default/containers/{name}",
        "name": name,
        "type": _TYPE,
    }


def _shown(account: StorageAccount, container: Container) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "deleted": False,
        "remainingRetentionDays": 0,
        "defaultEncryptionScope": "$account-encryption-key",
        "denyEncryptionScopeOverride": False,
        "publicAccess": container.public.capitalize() or "None",
        "leaseStatus": "Unlocked",
        "leaseState": "Available",
        # The service gives whole seconds (recorded).
        "lastModifiedTime": timestamp(int(container.modified)),
        **({"metadata": dict(container.metadata)} if container.metadata else {}),
        "legalHold": {"hasLegalHold": False, "tags": []},
        "hasImmutabilityPolicy": False,
        "hasLegalHold": False,
    }
    envelope = _envelope(account, container.name)
    return {**envelope, "etag": f'"{container.etag}"', "properties": properties}


def _etag(container: Container) -> dict[str, str]:
    return {"ETag": f'"{container.etag}"'}
