"""`page`: lists in pages, with OData's `$filter`, `$orderby`, `$skip`, `$top`, `$count` and `$select`.

Source: the list operations of azure-mgmt-datalake-store 0.5.0 for what each is for, and that a page names the
next one; that `$top` is the length of a page, as with the lists of the service's sister for analytics, and
not the end of the list, is assumed. Other names of errors than that of a filter's are assumed too.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from airflow_provider_adls.emulator.arm import errors, filters
from airflow_provider_adls.emulator.arm.calls import Answer

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.calls import Call

#: Parameters of the query that lists take.
PARAMETERS = frozenset({"$count", "$filter", "$orderby", "$select", "$skip", "$top"})
#: Entries of a page without `$top`.
LENGTH = 1000


def page(call: Call, resources: list[dict[str, Any]]) -> Answer:
    """Return the page of a list that a query asks for.

    :param resources: all resources as answers show them, in their order.
    :raises ArmError: 400 for a malformed parameter.
    """
    query = call.query
    skip, top = _number(query, "$skip", 0, least=0), _number(query, "$top", LENGTH, least=1)
    count, order, selected = _flag(query, "$count"), _order(query), _names(query)
    found = list(filter(_wanted(query), resources))
    for name, descending in reversed(order):
        found.sort(key=functools.partial(_key, name), reverse=descending)
    length = min(top, LENGTH)
    entries = found[skip : skip + length]
    body: dict[str, Any] = {"@odata.count": len(found)} if count else {}
    body["value"] = [_selected(entry, selected) for entry in entries] if selected else entries
    if len(found) > skip + length:
        following = {**query, "$skip": str(skip + length), "api-version": call.version}
        body["nextLink"] = f"{call.base}{call.path}?{urlencode(following)}"
    return Answer(200, body)


def _wanted(query: Mapping[str, str]) -> filters.Filter:
    text = query.get("$filter", "").strip()
    if not text:
        return lambda _resource: True
    try:
        return filters.parse(text)
    except filters.FilterError as error:
        raise errors.filter_invalid(text, str(error)) from None


def _number(query: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 9) or int(text) < least:
        raise errors.parameter_invalid(name, text, f"a whole number from {least} on")
    return int(text)


def _flag(query: Mapping[str, str], name: str) -> bool:
    text = query.get(name, "false")
    if text.lower() not in ("true", "false"):
        raise errors.parameter_invalid(name, text, "true or false")
    return text.lower() == "true"


def _names(query: Mapping[str, str]) -> list[tuple[str, ...]]:
    text = query.get("$select", "").strip()
    names = [each.strip() for each in text.split(",")] if text else []
    if not all(filters.is_property(each) for each in names):
        raise errors.parameter_invalid("$select", text, "names of properties, with commas between")
    return [filters.path(each) for each in names]


def _order(query: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Return the properties to sort by, each with whether the greatest comes first."""
    text = query.get("$orderby", "").strip()
    order = []
    for words in [each.split() for each in text.split(",")] if text else []:
        direction = " ".join(words[1:]).lower()
        if not words or not filters.is_property(words[0]) or direction not in ("", "asc", "desc"):
            raise errors.parameter_invalid("$orderby", text, "names of properties, with asc or desc")
        order.append((words[0], direction == "desc"))
    return order


def _key(name: str, resource: Mapping[str, Any]) -> tuple[bool, str]:
    found = filters.value(resource, name)
    return found is not None, str(found).lower()


def _selected(source: Mapping[str, Any], paths: list[tuple[str, ...]]) -> dict[str, Any]:
    """Return the selected members, in the order of the resource."""
    kept: dict[str, Any] = {}
    for name, found in source.items():
        below = [path[1:] for path in paths if path[0].lower() == name.lower()]
        if () in below:
            kept[name] = found
        elif below and isinstance(found, Mapping):
            kept[name] = _selected(found, below)
    return kept
