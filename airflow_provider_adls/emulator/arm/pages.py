"""`page`: lists in pages, with OData's `$filter`, `$skip` and `$top`.

Source: the list operations of azure-mgmt-datalake-store 0.5.0 for what each is for, and that a page names the
next one; that `$top` is the length of a page, as with the lists of the service's sister for analytics, and
not the end of the list, is assumed. Other names of errors than that of a filter's are assumed too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from airflow_provider_adls.emulator.arm import errors, filters
from airflow_provider_adls.emulator.arm.calls import Answer

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.calls import Call

#: Parameters of the query that lists take.
PARAMETERS = frozenset({"$filter", "$skip", "$top"})
#: Entries of a page, by default and at most.
LENGTH = 1000


def page(call: Call, resources: list[dict[str, Any]]) -> Answer:
    """Return the page of a list that a query asks for.

    :param resources: all resources as answers show them, in their order.
    :raises ArmError: 400 for a malformed parameter.
    """
    skip, top = _number(call, "$skip", 0), _number(call, "$top", LENGTH, least=1)
    text = call.query.get("$filter", "").strip()
    if text:
        try:
            resources = list(filter(filters.parse(text), resources))
        except filters.FilterError as error:
            raise errors.filter_invalid(text=text, reason=error) from None
    end = skip + min(top, LENGTH)
    body: dict[str, Any] = {"value": resources[skip:end]}
    if len(resources) > end:
        following = {**call.query, "$skip": str(end), "api-version": call.version}
        body["nextLink"] = f"{call.base}{call.path}?{urlencode(following)}"
    return Answer(200, body)


def _number(call: Call, name: str, default: int, least: int = 0) -> int:
    text = call.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 9) or int(text) < least:
        raise errors.parameter_invalid(name=name, value=text, right=f"a whole number from {least} on")
    return int(text)
