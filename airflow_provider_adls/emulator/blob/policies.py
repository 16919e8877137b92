"""Stored access policies of a container, which signatures name: read and written as XML."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_adls.emulator.blob import xml
from airflow_provider_adls.emulator.gen2.errors import refused

#: Policies that a container has at most, and characters of a name (docs).
MAX_POLICIES, MAX_ID = 5, 64
_FIELDS = ("Start", "Expiry", "Permission")


def read(body: bytes) -> list[dict[str, str]]:
    """Return the policies of a document: `Id`, and what of `Start`, `Expiry`, `Permission` it says.

    :raises StorageError: for a document that holds anything else, or too many of them.
    """
    if not body:
        return []
    root = xml.parsed(body)
    found = []
    for identifier in root.iter("SignedIdentifier"):
        id_ = (identifier.findtext("Id") or "").strip()
        if not 0 < len(id_) <= MAX_ID:
            raise refused("InvalidXmlNodeValue")
        texts = {name: (identifier.findtext(f"AccessPolicy/{name}") or "").strip() for name in _FIELDS}
        found.append({"Id": id_, **{name: _moment(name, text) for name, text in texts.items() if text}})
    if len(found) > MAX_POLICIES:
        raise refused("InvalidXmlDocument")
    return found


def written(policies: Iterable[dict[str, str]]) -> str:
    """Return policies as a document."""
    return xml.element(
        "SignedIdentifiers",
        *(
            xml.element(
                "SignedIdentifier",
                xml.leaf("Id", policy["Id"]),
                xml.element("AccessPolicy", xml.leaves((name, policy.get(name)) for name in _FIELDS)),
            )
            for policy in policies
        ),
    )


def _moment(name: str, text: str) -> str:
    # The service answers seven digits of a second, however many it was sent (recorded).
    if name == "Permission" or not text.endswith("Z"):
        return text
    whole, _, fraction = text[:-1].partition(".")
    return f"{whole}.{fraction[:7]:0<7}Z"
