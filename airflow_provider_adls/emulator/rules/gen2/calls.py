"""FileCall: one request to a Gen2 account, as the rules see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.calls import Call
from airflow_provider_adls.emulator.rules.gen2 import properties
from airflow_provider_adls.emulator.rules.gen2.versions import Versions
from airflow_provider_adls.emulator.store import Node
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.principal import StorageRole

_NONE: Mapping[str, Any] = MappingProxyType({})
#: The parent of every Gen2 account's node, whose name is the account's. No other node has such a number.
ACCOUNTS = -(1 << 62)
#: Name of the root directory in its container's node.
ROOT = "/"


def _nowhere(_days: int | None) -> None:
    """Keep nothing: a call that no request made changes no settings."""


@dataclass(eq=False)
class FileCall(Call):
    """One request.

    :param container: name of the container, which need not exist.
    :param role: source of the caller's rights besides ACLs.
    :param may_overwrite: False for a caller who may create files and not change any.
    :param retention: days that what is deleted can be restored; None for not at all.
    :param container_retention: the same for containers.
    :param keep_retention: stores other days of deleted paths with the account.
    :param sku: the account's price and redundancy class.
    :param key: digest of the customer's encryption key that the request carries; empty for none.
    :param scope: encryption scope that the request names; empty for the container's.
    """

    container: str = ""
    role: StorageRole = "owner"
    may_overwrite: bool = True
    retention: int | None = None
    container_retention: int | None = None
    keep_retention: Callable[[int | None], object] = _nowhere
    sku: str = ""
    kind: str = ""
    key: str = ""
    scope: str = ""
    versions: Versions = field(default_factory=Versions)

    def account_node(self) -> Node:
        """Return the account's node, which exists."""
        node = self.store.child(ACCOUNTS, self.account)
        assert node is not None
        return node

    def find_container(self) -> Node | None:
        """Return the container's node, or None."""
        return self.store.child(self.account_node().id, self.container)

    def container_node(self) -> Node:
        """Return the container's node.

        :raises StorageError: if the account has no such container.
        """
        node = self.find_container()
        if node is None:
            raise refused("FilesystemNotFound")
        return node

    def root(self) -> Node:
        """Return the container's root directory.

        :raises StorageError: if the account has no such container.
        """
        node = self.store.child(self.container_node().id, ROOT)
        assert node is not None
        return node

    def get(self, path: str) -> Node:
        """Return the file or directory at a path.

        :raises StorageError: if there is none.
        """
        node = self.find(path)
        if node is None:
            raise refused("PathNotFound")
        return node

    def allows(self, node: Node, rights: int) -> bool:
        """Return whether the caller's role, or else the ACL, gives all of these rights."""
        if self.role == "reader" and not rights & access.WRITE:
            return True
        return super().allows(node, rights)

    def demand_key(self, node: Node) -> None:
        """Check that the request carries the customer's key that a path was encrypted with, and no other.

        :raises StorageError: if it does not.
        """
        stored = properties.of(node).get(properties.KEY, "")
        if stored == self.key:
            return
        raise refused(
            "BlobUsesCustomerSpecifiedEncryption" if stored else "BlobDoesNotUseCustomerSpecifiedEncryption"
        )

    def new_version(self, node: Node | None = None) -> int:
        """Return the version of a path that is changed now."""
        return self.versions.next(self.now, 0 if node is None else node.etag)

    def new(
        self,
        parent: Node,
        name: str,
        *,
        directory: bool,
        permission: int | None = None,
        umask: int = gen2.UMASK,
        values: Mapping[str, Any] = _NONE,
    ) -> Node:
        """Return a new, empty entry of a directory, for the caller to change before it is inserted.

        :param permission: bits that were asked for; None for the service's own.
        :param umask: bits to clear; without effect where the directory has a default ACL (docs, "Access
            control lists in Azure Data Lake Storage").
        """
        self.demand(parent, access.WRITE | access.EXECUTE)
        defaults = "default:" in parent.acl
        if permission is None and not defaults:
            permission = gen2.DIRECTORY_PERMISSION if directory else gen2.FILE_PERMISSION
        bits, acl = access.inherited(
            parent, directory=directory, permission=permission, umask=0 if defaults else umask
        )
        scope = self.scope or properties.of(self.container_node()).get(properties.SCOPE, "")
        if scope:
            values = {**values, properties.SCOPE: scope}
        return Node.made(
            parent.id,
            name,
            self.now,
            directory=directory,
            permission=bits,
            owner=self.principal.object_id,
            group=parent.group,
            acl=acl,
            etag=self.new_version(),
            properties=properties.written(values) if values else "",
        )

    def add(self, parent: Node, name: str, *, directory: bool, permission: int | None = None) -> Node:
        """Add a directory above a path, which no request named: it has no content type (recorded)."""
        values = {properties.HEADERS: {properties.TYPE: ""}}
        return self.store.insert(
            self.new(parent, name, directory=directory, permission=permission, values=values)
        )

    def renewed(self, node: Node) -> Node:
        """Return a node whose content or properties change now: it has a new version."""
        return node._replace(modified=self.now, etag=self.new_version(node))


def checked_path(path: str) -> str:
    """Return a path of a container as the rules take it: `/dir/file`, and `/` for the root.

    :param path: decoded; slashes around it and between its names count as one.
    :raises StorageError: if it is too long, too deep, or goes out of its directory.
    """
    names = [name for name in path.split("/") if name]
    if len(path) > gen2.MAX_PATH or len(names) > gen2.MAX_DEPTH or not {".", ".."}.isdisjoint(names):
        raise refused("InvalidUri")
    return "/" + "/".join(names)


def relative(path: str) -> str:
    """Return a path as listings show it: without the slash before it."""
    return path[1:]
