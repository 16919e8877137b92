"""`parse`: OData's `$filter` as Resource Manager's clients send it, over the properties of a listed resource.

It serves the forms in azure-mgmt-resource's docs: `eq` and `ne` with a string, `substringof('part', name)`,
`startswith(tagName, 'part')`, `tagName eq 'name' and tagValue eq 'value'`, joined by `and` and `or`, of which
`and` binds closer. Strings are compared without case, as Resource Manager does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_adls.emulator.arm.regions import short

#: Whether a resource, as it is listed, meets an expression.
Filter = Callable[[Mapping[str, Any]], bool]

_STRING = r"'(?:[^']|'')*'"
_CONDITION = re.compile(
    rf"""\s*(?:
        (?P<compared>[\w/-]+)\s+(?P<operator>eq|ne)\s+(?P<text>{_STRING})
      | substringof\(\s*(?P<part>{_STRING})\s*,\s*(?P<searched>[\w/-]+)\s*\)
      | startswith\(\s*(?P<begun>[\w/-]+)\s*,\s*(?P<prefix>{_STRING})\s*\)
    )(?P<end>\s*$|\s+(?P<joint>and|or)\s)""",
    re.VERBOSE | re.IGNORECASE,
)
#: Names that filters have for properties.
_SYNONYMS = {"resourcetype": "type"}
#: Members of a listed resource; other names are those of its `properties`.
_MEMBERS = frozenset(
    {
        "changedtime",
        "createdtime",
        "id",
        "identity",
        "location",
        "managedby",
        "name",
        "properties",
        "tags",
        "type",
    }
)
_KNOWN = _MEMBERS | {
    "accountid",
    "creationtime",
    "endpoint",
    "lastmodifiedtime",
    "provisioningstate",
    "resourcegroup",
    "resourcetype",
    "state",
}


class FilterError(ValueError):
    """An expression that cannot be read, or names an unknown property."""


def parse(text: str) -> Filter:
    """Return the filter of an expression.

    :raises FilterError: if it is malformed.
    """
    alternatives: list[list[Filter]] = [[]]
    at, tag = 0, None
    while True:
        match = _CONDITION.match(text, at)
        if match is None:
            raise FilterError(f"at {text[at : at + 20].strip()!r}" if text[at:].strip() else "at its end")
        if tag is not None and (match["compared"] or "").lower() == "tagvalue":
            # Of that one tag, and not of any.
            alternatives[-1][-1] = _tagged(tag, match)
            tag = None
        else:
            alternatives[-1].append(_condition(match))
            is_tag = (match["compared"] or "").lower() == "tagname"
            tag = match if is_tag and (match["joint"] or "").lower() == "and" else None
        if match["joint"] is None:
            return lambda resource: any(all(each(resource) for each in every) for every in alternatives)
        if match["joint"].lower() == "or":
            alternatives.append([])
        at = match.end()


def is_property(name: str) -> bool:
    """Return whether listed resources may have a property of this name or path."""
    return name.partition("/")[0].lower() in _KNOWN and bool(name.rpartition("/")[2])


def path(name: str) -> tuple[str, ...]:
    """Return the keys that lead to a property of a listed resource, `properties` included."""
    names = tuple(_SYNONYMS.get(name.lower(), name).split("/"))
    return names if names[0].lower() in _MEMBERS else ("properties", *names)


def value(resource: Mapping[str, Any], name: str) -> Any:
    """Return the value of a property, by its name or path; None if the resource has none."""
    if name.lower() == "resourcegroup":
        return resource["id"].split("/")[4]
    found: Any = resource
    for step in path(name):
        if not isinstance(found, Mapping):
            return None
        found = next((each for key, each in found.items() if key.lower() == step.lower()), None)
    return found


def _condition(match: re.Match[str]) -> Filter:
    name = match["compared"] or match["searched"] or match["begun"]
    if name.lower() == "tagname" and not match["searched"]:
        return _tagged(match)
    if not is_property(name) or match["begun"]:
        raise FilterError(f"property {name!r}")
    if match["searched"]:
        part = _literal(match["part"])
        return lambda resource: part in str(value(resource, name) or "").lower()
    # A region goes by two names.
    plain = short if name.lower() == "location" else str.lower
    wanted, equal = plain(_literal(match["text"])), match["operator"].lower() == "eq"

    def compared(resource: Mapping[str, Any]) -> bool:
        found = value(resource, name)
        return (isinstance(found, str) and plain(found) == wanted) == equal

    return compared


def _tagged(name: re.Match[str], tag_value: re.Match[str] | None = None) -> Filter:
    """Return the filter for resources with a tag of a name or prefix, and perhaps of a value."""
    operators = [match["operator"] for match in (name, tag_value) if match is not None]
    if any((operator or "eq").lower() != "eq" for operator in operators):
        raise FilterError("tags are compared by eq alone")
    wanted = _literal(name["text"] or name["prefix"])
    found = None if tag_value is None else _literal(tag_value["text"])

    def tagged(resource: Mapping[str, Any]) -> bool:
        tags = {key.lower(): each.lower() for key, each in (resource.get("tags") or {}).items()}
        return any(
            (key.startswith(wanted) if name["begun"] else key == wanted) and found in (None, each)
            for key, each in tags.items()
        )

    return tagged


def _literal(text: str) -> str:
    return text[1:-1].replace("''", "'").lower()
