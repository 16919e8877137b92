"""`endpoints`: the public document `/metadata/endpoints`, with the authority of this Resource Manager.

Its members are those that `msrestazure.azure_cloud` and the Azure CLI read of api-version 2015-01-01.
"""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.emulator.hosts import hostname
from airflow_provider_adls.model.clouds import CLOUDS, PUBLIC

PATH = "/metadata/endpoints"


def endpoints(host: str) -> dict[str, Any]:
    """Return the metadata of a cloud's Resource Manager, or of the emulator as a cloud of its own."""
    known = {cloud.resource_manager.removeprefix("https://"): cloud for cloud in CLOUDS.values()}
    cloud = known.get(hostname(host))
    login = cloud.authority if cloud else f"https://{host}"
    return {
        "galleryEndpoint": "https://gallery.azure.com/",
        "graphEndpoint": "https://graph.windows.net/",
        "portalEndpoint": "https://portal.azure.com/",
        "authentication": {
            "loginEndpoint": f"{login}/",
            "audiences": [(cloud or PUBLIC).resource_manager_audience],
        },
    }
