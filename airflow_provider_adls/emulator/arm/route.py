"""`Route`: the form of an operation's request, and its handler."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.arm.errors import API_VERSIONS, PROVIDER

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.calls import Answer, Call

SUBSCRIPTION = "/subscriptions/{subscription}"
GROUPS = f"{SUBSCRIPTION}/resourceGroups"
GROUP = f"{GROUPS}/{{group}}"
_READ, _WRITE = "read", "write"
_RIGHTS = {"DELETE": "delete", "GET": _READ, "HEAD": _READ, "PATCH": _WRITE, "POST": "action", "PUT": _WRITE}


@dataclass(frozen=True)
class Route:
    """An operation: the form of its request, and its handler.

    :param operation: name for the request record.
    :param template: path with `{parameters}`; compared without case, as Resource Manager does.
    :param query: parameters that the query may have, beside the version.
    :param right: action that the caller's role must allow, where it does not follow from method and path.
    """

    operation: str
    method: str
    template: str
    handler: Callable[[Call], Answer]
    query: frozenset[str] = frozenset()
    right: str = ""

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Expression for its paths, with a group for each parameter."""
        return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template)), re.IGNORECASE)

    @functools.cached_property
    def action(self) -> str | None:
        """Action that the caller's role must allow; None for any caller, outside the subscription.

        It is the resource's type, with the right for the method.
        """
        if SUBSCRIPTION not in self.template:
            return None
        path = self.template.rpartition("/providers/Microsoft.")
        names = f"Microsoft.{path[2]}" if path[0] else f"Microsoft.Resources{self.template}"
        kind = [name for name in names.split("/") if name[0] != "{" and name != "default"]
        return self.right or f"{'/'.join(kind)}/{_RIGHTS[self.method]}"

    @property
    def versions(self) -> tuple[str, ...] | None:
        """Its api-versions; None for any, as Resource Manager's own and storage's operations take."""
        return API_VERSIONS if f"/{PROVIDER}/" in self.template else None

    @property
    def within_group(self) -> bool:
        """Whether it names something in a resource group, which must exist."""
        return f"{GROUP}/" in self.template
