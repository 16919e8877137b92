"""`Groups`: the resource groups, which hold accounts and are deleted with them."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.arm import errors
from airflow_provider_adls.emulator.arm.errors import GROUP_TYPE

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store import Documents

_KIND = "arm.group"
_NAME = re.compile(r"[\w.()-]{0,89}[\w()-]")


@dataclass(frozen=True)
class Group:
    """A resource group.

    :param name: its spelling when the group was made.
    :param location: region that knows of it; its accounts may be in others.
    :param tags: None if none were ever given.
    :param managed_by: id of the resource that manages it, if one does.
    """

    name: str
    subscription: str
    location: str
    tags: dict[str, str] | None = None
    managed_by: str | None = None

    @property
    def id(self) -> str:
        """The group's id."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.name}"

    def shown(self) -> dict[str, Any]:
        """Return the group as answers show it (azure-mgmt-resource, `ResourceGroup`)."""
        return {
            "id": self.id,
            "name": self.name,
            "type": GROUP_TYPE,
            "location": self.location,
            **({"managedBy": self.managed_by} if self.managed_by else {}),
            **({"tags": self.tags} if self.tags is not None else {}),
            "properties": {"provisioningState": "Succeeded"},
        }


class Groups:
    """All resource groups of the subscription."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, name: str) -> Group:
        """Return the group of this name.

        :raises ArmError: 400 for a malformed name, 404 for a missing group.
        """
        if not _NAME.fullmatch(name):
            raise errors.group_malformed(group=name)
        group = self.find(name)
        if group is None:
            raise errors.group_missing(group=name)
        return group

    def find(self, name: str) -> Group | None:
        """Return the group of this name, or None."""
        document = self._documents.get(_KIND, name.lower())
        return None if document is None else Group(**document)

    def all(self) -> list[Group]:
        """Return all groups, by name."""
        return [Group(**document) for _, document in self._documents.items(_KIND)]

    def put(self, group: Group) -> Group:
        """Make a group, or give an existing one other tags.

        :raises ArmError: 400 for a malformed name, 409 for another location than its own.
        """
        if not _NAME.fullmatch(group.name):
            raise errors.group_malformed(group=group.name)
        known = self.find(group.name)
        if known is not None:
            if known.location != group.location:
                raise errors.group_location_differs(there=known.location, asked=group.location)
            group = dataclasses.replace(group, name=known.name)
        self._documents.put(_KIND, group.name.lower(), dataclasses.asdict(group))
        return group

    def ensure(self, subscription: str, name: str, location: str) -> Group:
        """Return the group of this name, which is made in a location if it is missing."""
        return self.find(name) or self.put(Group(name, subscription, location))

    def delete(self, group: Group) -> None:
        """Forget a group; its accounts are the caller's to delete, before this."""
        self._documents.delete(_KIND, group.name.lower())
