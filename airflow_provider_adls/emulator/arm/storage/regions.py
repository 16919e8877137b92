"""Regions of storage accounts: the pairs that copies go to, and hosts of static websites.

Sources: "Cross-region replication" for pairs; recordings and public URLs for the zones of websites.
"""

from __future__ import annotations

from airflow_provider_adls.emulator.arm.errors import location_unsupported
from airflow_provider_adls.emulator.arm.regions import REGIONS, short
from airflow_provider_adls.emulator.arm.storage.errors import ACCOUNT_TYPE

_PAIRS = (
    ("australiacentral", "australiacentral2"),
    ("australiaeast", "australiasoutheast"),
    ("brazilsouth", "southcentralus"),
    ("canadacentral", "canadaeast"),
    ("centralindia", "southindia"),
    ("centralus", "eastus2"),
    ("eastasia", "southeastasia"),
    ("eastus", "westus"),
    ("eastus2euap", "centraluseuap"),
    ("francecentral", "francesouth"),
    ("germanywestcentral", "germanynorth"),
    ("japaneast", "japanwest"),
    ("koreacentral", "koreasouth"),
    ("northcentralus", "southcentralus"),
    ("northeurope", "westeurope"),
    ("norwayeast", "norwaywest"),
    ("southafricanorth", "southafricawest"),
    ("swedencentral", "swedensouth"),
    ("switzerlandnorth", "switzerlandwest"),
    ("uaenorth", "uaecentral"),
    ("uksouth", "ukwest"),
    ("westcentralus", "westus2"),
    ("westus3", "eastus"),
)
#: Pairs are mutual, but for two regions whose copies lie in one that has a pair of its own.
_PAIRED = {
    **{second: first for first, second in _PAIRS},
    **dict(_PAIRS),
    "southcentralus": "northcentralus",
    "eastus": "westus",
}
_CANARIES = ("centraluseuap", "eastus2euap")
LOCATIONS = (*sorted(REGIONS), *_CANARIES)
_ZONES = {
    "centralus": "z19",
    "eastus": "z13",
    "eastus2": "z20",
    "eastus2euap": "z3",
    "northeurope": "z16",
    "southcentralus": "z21",
    "westeurope": "z6",
    "westus": "z22",
    "westus2": "z5",
}


def location(name: str) -> str:
    """Return a region's name, `East US 2` being `eastus2`.

    :raises ArmError: 400 if it is not one.
    """
    if short(name) not in LOCATIONS:
        raise location_unsupported(location=name, type=ACCOUNT_TYPE, regions=",".join(LOCATIONS))
    return short(name)


def paired(region: str) -> str | None:
    """Return the region that holds the copies of another; None if it has no pair."""
    return _PAIRED.get(region)


def zone(region: str) -> str:
    """Return the label of a region in the hosts of static websites."""
    return _ZONES.get(region, "z1")
