"""`account_page` and `file_page`: pages of accounts and files, in the Azure portal or at the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from airflow_provider_adls.connection.settings import ConnectionSettings

#: Portals of the clouds (Microsoft's documentation of each cloud's endpoints).
PORTALS = {
    "public": "https://portal.azure.com",
    "china": "https://portal.azure.cn",
    "us_government": "https://portal.azure.us",
    "germany": "https://portal.microsoftazure.de",
}


def account_page(settings: ConnectionSettings, account: str | None, resource_group: str | None = None) -> str:
    """Return the URL of an account's page; empty where the connection does not say enough for it.

    :param account: short name of the account.
    :param resource_group: resource group of the account; None for the connection's.
    """
    if settings.cloud.name == "emulator":
        return f"{settings.cloud.resource_manager}/"
    portal, resource = _resource(settings, account, resource_group)
    return f"{portal}/#@{quote(settings.tenant_id or '')}/resource{resource}/overview" if resource else ""


def file_page(settings: ConnectionSettings, lake: str, path: str) -> str:
    """Return the URL of a file's page; empty where the connection does not say enough for it.

    On Gen2 it is the page on which the portal has the file's properties and its download. The portal has none
    for a file on Gen1: there it is the account's.

    :param lake: the account, or `container@account`.
    """
    container, _, account = lake.rpartition("@")
    portal, resource = _resource(settings, account)
    if settings.cloud.name == "emulator" or not (container and resource):
        return account_page(settings, account)
    return (
        f"{portal}/#view/Microsoft_Azure_Storage/BlobPropertiesBladeV2/storageAccountId/{quote(resource, '')}"
        f"/path/{quote(f'{container}{path}', '')}/isDeleted~/false/tabToload~/0"
    )


def _resource(
    settings: ConnectionSettings, account: str | None, resource_group: str | None = None
) -> tuple[str, str]:
    """Return the URL of the portal and the id of an account, both empty where one is not known."""
    group = resource_group or settings.resource_group
    portal = PORTALS.get(settings.cloud.name)
    if not (portal and settings.tenant_id and settings.subscription_id and group and account):
        return "", ""
    kind = "Storage/storageAccounts" if settings.container else "DataLakeStore/accounts"
    subscription = f"/subscriptions/{quote(settings.subscription_id)}"
    return portal, f"{subscription}/resourceGroups/{quote(group)}/providers/Microsoft.{kind}/{account}"
