"""`account_page`: the page that shows an account, in the Azure portal or at the emulator."""

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
    cloud = settings.cloud
    if cloud.name == "emulator":
        return f"{cloud.resource_manager}/"
    group = resource_group or settings.resource_group
    portal = PORTALS.get(cloud.name)
    if not (portal and settings.tenant_id and settings.subscription_id and group and account):
        return ""
    kind = "Storage/storageAccounts" if settings.container else "DataLakeStore/accounts"
    return (
        f"{portal}/#@{quote(settings.tenant_id)}/resource/subscriptions/{quote(settings.subscription_id)}"
        f"/resourceGroups/{quote(group)}/providers/Microsoft.{kind}/{account}/overview"
    )
