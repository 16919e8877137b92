"""`Route`: the form of an operation's request, and its handler."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.arm.errors import API_VERSIONS, PROVIDER

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.calls import Answer, Call

SUBSCRIPTION = "/subscriptions/{subscription}"
GROUPS = f"{SUBSCRIPTION}/resourceGroups"
GROUP = f"{GROUPS}/{{group}}"


@dataclass(frozen=True)
class Route:
    """An operation: the form of its request, and its handler.

    :param operation: name for the request record.
    :param method: HTTP method.
    :param template: path with `{parameters}`; compared without case, as Resource Manager does.
    :param action: action that the caller's role must allow; None for any caller.
    :param handler: answers it.
    :param query: parameters that the query may have, beside the version.
    """

    operation: str
    method: str
    template: str
    action: str | None
    handler: Callable[[Call], Answer]
    query: frozenset[str] = frozenset()
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template))
        object.__setattr__(self, "pattern", re.compile(pattern, re.IGNORECASE))

    @property
    def versions(self) -> tuple[str, ...] | None:
        """Its api-versions; None for any, as Resource Manager's own and storage's operations take."""
        return API_VERSIONS if f"/{PROVIDER}/" in self.template else None

    @property
    def within_group(self) -> bool:
        """Return whether it names something in a resource group, which must exist."""
        return f"{GROUP}/" in self.template
