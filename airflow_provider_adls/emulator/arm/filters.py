"""`parse`: OData's `$filter` as clients send it to Resource Manager, over listed resources.

It serves what azure-mgmt-resource documents for `resources.list`: `eq` and `ne` with a string for location,
resourceType, name and resourceGroup, `substringof('part', name)`, `startswith(tagName, 'part')`,
`tagName eq 'name' and tagValue eq 'value'`, joined by `and` and `or`, of which `and` binds closer. Strings
are compared without case, as Resource Manager does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_adls.emulator.arm.regions import short

#: Whether a resource, as it is listed, meets an expression.
Filter = Callable[[Mapping[str, Any]], bool]

_STRING = r"'((?:[^']|'')*)'"
_PROPERTY = r"(name|location|resourceType|resourceGroup)"
_JOINT = re.compile(r"\s*$|\s+(?P<joint>and|or)\s", re.IGNORECASE)


class FilterError(ValueError):
    """An expression that cannot be read, or names an unknown property."""


def parse(text: str) -> Filter:
    """Return the filter of an expression.

    :raises FilterError: if it is malformed.
    """
    alternatives: list[list[Filter]] = [[]]
    at = 0
    while True:
        condition, at = _condition(text, at)
        alternatives[-1].append(condition)
        match = _JOINT.match(text, at)
        if match is None:
            raise FilterError(f"at {text[at : at + 20].strip()!r}")
        if match["joint"] is None:
            return lambda resource: any(all(each(resource) for each in every) for every in alternatives)
        at = match.end()
        if match["joint"].lower() == "or":
            alternatives.append([])


def _condition(text: str, at: int) -> tuple[Filter, int]:
    """Return the condition at a place of an expression, and the place of its end."""
    for pattern, make in _FORMS:
        if match := pattern.match(text, at):
            words = [word and word.replace("''", "'").lower() for word in match.groups()]
            return make(*words), match.end()
    raise FilterError(f"at {text[at : at + 20].strip()!r}" if text[at:].strip() else "at its end")


def _value(resource: Mapping[str, Any], name: str) -> str:
    if name == "resourcegroup":
        return str(resource["id"]).split("/")[4].lower()
    # A region goes by two names.
    plain = short if name == "location" else str.lower
    return plain(str(resource["type" if name == "resourcetype" else name]))


def _compared(name: str, operator: str, text: str) -> Filter:
    wanted = short(text) if name == "location" else text
    return lambda resource: (_value(resource, name) == wanted) == (operator == "eq")


def _part(part: str, name: str) -> Filter:
    return lambda resource: part in _value(resource, name)


def _tagged(name: str, tag_value: str | None) -> Filter:
    return lambda resource: any(
        key == name and tag_value in (None, each) for key, each in _tags(resource).items()
    )


def _tag_prefix(prefix: str) -> Filter:
    return lambda resource: any(key.startswith(prefix) for key in _tags(resource))


def _tags(resource: Mapping[str, Any]) -> dict[str, str]:
    return {key.lower(): each.lower() for key, each in (resource.get("tags") or {}).items()}


#: The forms of a condition: its expression, and what makes a filter of the groups.
_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Filter]], ...] = tuple(
    (re.compile(rf"\s*{form}", re.IGNORECASE), make)
    for form, make in (
        (rf"{_PROPERTY}\s+(eq|ne)\s+{_STRING}", _compared),
        (rf"substringof\(\s*{_STRING}\s*,\s*(name|resourceGroup)\s*\)", _part),
        # The value is that of the one tag, and not of any.
        (rf"tagName\s+eq\s+{_STRING}(?:\s+and\s+tagValue\s+eq\s+{_STRING})?", _tagged),
        (rf"startswith\(\s*tagName\s*,\s*{_STRING}\s*\)", _tag_prefix),
    )
)
