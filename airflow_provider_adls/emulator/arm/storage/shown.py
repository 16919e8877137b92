"""A storage account as Resource Manager shows it, by version of the API; keys and their order as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.arm.account import timestamp
from airflow_provider_adls.emulator.arm.storage.errors import ACCOUNT_TYPE
from airflow_provider_adls.emulator.arm.storage.regions import paired, zone
from airflow_provider_adls.emulator.gen2.account import KEY_NAMES

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.gen2.account import StorageAccount

#: From when on answers say when keys were made (recorded: not in 2019-06-01, and in 2021-02-01).
_KEY_TIMES = "2021-01-01"
#: From when on they say the defaults of access (recorded: not in 2021-02-01, and in 2022-09-01).
_DEFAULTS = "2021-04-01"
#: From when on new accounts are closed to anonymous readers and old TLS, unless they say otherwise (docs).
_CLOSED = "2023-01-01"
_NETWORK = {"bypass": "AzureServices", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Allow"}
#: Settings that are shown where they were made, in the order of the recordings.
_FIRST = ("azureFilesIdentityBasedAuthentication", "minimumTlsVersion", "allowBlobPublicAccess")
#: Settings that have places of their own.
_PLACED = frozenset({*_FIRST, "accessTier", "encryption", "networkAcls", "supportsHttpsTrafficOnly"})
#: Settings that the emulator keeps with an account and Resource Manager shows elsewhere.
_INNER = frozenset({"blobServices"})


def resource_id(account: StorageAccount) -> str:
    """Return the id of an account's resource."""
    return (
        f"/subscriptions/{account.subscription}/resourceGroups/{account.group}/providers/{ACCOUNT_TYPE}"
        f"/{account.name}"
    )


def shown(account: StorageAccount, version: str) -> dict[str, Any]:
    """Return what every operation that answers with an account shows."""
    return {
        "sku": sku(account),
        "kind": account.kind,
        "id": resource_id(account),
        "name": account.name,
        "type": ACCOUNT_TYPE,
        "location": account.location,
        "tags": account.tags or {},
        "properties": _properties(account, version),
    }


def sku(account: StorageAccount) -> dict[str, str]:
    """Return an account's SKU with its tier."""
    return {"name": account.sku, "tier": "Premium" if account.sku.startswith("Premium") else "Standard"}


def keys(account: StorageAccount, version: str) -> dict[str, Any]:
    """Return the answer of listKeys and regenerateKey."""
    listed = []
    for name, value, made in zip(KEY_NAMES, account.keys, account.key_times, strict=True):
        created = {"creationTime": timestamp(made)} if version >= _KEY_TIMES else {}
        listed.append({**created, "keyName": name, "value": value, "permissions": "FULL"})
    return {"keys": listed}


def _properties(account: StorageAccount, version: str) -> dict[str, Any]:
    settings = account.settings
    created = timestamp(account.created)
    properties: dict[str, Any] = {}
    if version >= _KEY_TIMES:
        properties["keyCreationTime"] = {
            name: timestamp(made) for name, made in zip(KEY_NAMES, account.key_times, strict=True)
        }
    properties["privateEndpointConnections"] = []
    defaults: dict[str, Any] = {}
    if version >= _DEFAULTS:
        is_closed = version >= _CLOSED
        defaults["minimumTlsVersion"] = "TLS1_2" if is_closed else "TLS1_0"
        defaults["allowBlobPublicAccess"] = not is_closed
    properties |= {
        name: value for name in _FIRST if (value := settings.get(name, defaults.get(name))) is not None
    }
    # Where neither the caller nor the emulator's own start said anything, it is not shown (recorded).
    if account.hns or "isHnsEnabled" in settings:
        properties["isHnsEnabled"] = account.hns
    properties |= {
        name: value for name, value in settings.items() if name not in _PLACED | _INNER | {"isHnsEnabled"}
    }
    properties["networkAcls"] = settings.get("networkAcls", _NETWORK)
    properties["supportsHttpsTrafficOnly"] = settings.get("supportsHttpsTrafficOnly", True)
    properties["encryption"] = _encryption(settings.get("encryption") or {}, created)
    if account.kind != "Storage":
        default = "Premium" if account.kind == "BlockBlobStorage" else "Hot"
        properties["accessTier"] = settings.get("accessTier", default)
    return properties | {"provisioningState": "Succeeded", "creationTime": created} | _places(account)


def _encryption(given: dict[str, Any], created: str) -> dict[str, Any]:
    service = {"keyType": "Account", "enabled": True, "lastEnabledTime": created}
    services = {"file": service, "blob": service}
    for name, value in (given.get("services") or {}).items():
        services[name] = {**service, **{key: each for key, each in (value or {}).items() if each is not None}}
    inner = {name: value for name, value in given.items() if name not in ("services", "keySource")}
    return {
        **inner,
        "services": services,
        "keySource": given.get("keySource", "Microsoft.Storage"),
    }


def _places(account: StorageAccount) -> dict[str, Any]:
    """Return where an account and its copy are."""
    places: dict[str, Any] = {
        "primaryEndpoints": _endpoints(account, ""),
        "primaryLocation": account.location,
        "statusOfPrimary": "available",
    }
    redundancy = account.sku.partition("_")[2]
    second = paired(account.location)
    if "G" in redundancy and second:
        places |= {"secondaryLocation": second, "statusOfSecondary": "available"}
        if redundancy.startswith("RA"):
            endpoints = _endpoints(account, "-secondary")
            endpoints.pop("file", None)
            places["secondaryEndpoints"] = endpoints
    return places


def _endpoints(account: StorageAccount, suffix: str) -> dict[str, str]:
    host = f"https://{account.name}{suffix}."
    services = ["queue", "table", "file"]
    endpoints = {}
    if account.kind != "Storage":
        endpoints["dfs"] = f"{host}dfs.core.windows.net/"
        endpoints["web"] = f"{host}{zone(account.location)}.web.core.windows.net/"
    if account.sku.startswith("Premium"):
        services = []
    return endpoints | {name: f"{host}{name}.core.windows.net/" for name in ("blob", *services)}
