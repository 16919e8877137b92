"""`REGIONS` and `LOCATIONS`: Azure's public regions, for resource groups and, of them, for accounts.

Source: "Azure regions list", as of the years in which Gen1 was sold.
"""

from __future__ import annotations

#: Display names by geography, as Resource Manager groups them.
_BY_GEOGRAPHY = {
    "US": (
        "Central US",
        "East US",
        "East US 2",
        "North Central US",
        "South Central US",
        "West Central US",
        "West US",
        "West US 2",
        "West US 3",
    ),
    "Canada": ("Canada Central", "Canada East"),
    "South America": ("Brazil South", "Brazil Southeast"),
    "Europe": (
        "France Central",
        "France South",
        "Germany North",
        "Germany West Central",
        "North Europe",
        "Norway East",
        "Norway West",
        "Sweden Central",
        "Switzerland North",
        "Switzerland West",
        "UK South",
        "UK West",
        "West Europe",
    ),
    "Middle East": ("UAE Central", "UAE North", "Qatar Central"),
    "Africa": ("South Africa North", "South Africa West"),
    "Asia Pacific": (
        "Australia Central",
        "Australia East",
        "Australia Southeast",
        "Central India",
        "East Asia",
        "Japan East",
        "Japan West",
        "Korea Central",
        "Korea South",
        "South India",
        "Southeast Asia",
        "West India",
    ),
}


def short(name: str) -> str:
    """Return a region's name as Resource Manager keeps it: `eastus2` for `East US 2`."""
    return name.replace(" ", "").lower()


#: Display name and geography of each region, by its name.
REGIONS = {
    short(display): (display, geography)
    for geography, displays in _BY_GEOGRAPHY.items()
    for display in displays
}
#: Regions that Gen1 was ever offered in.
LOCATIONS = ("eastus2", "northeurope", "centralus", "westeurope")
