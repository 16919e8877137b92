"""`Call`: principal, account and time of a request, and look-up of paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.refusals import Denied, Exists, Invalid, Missing
from airflow_provider_adls.emulator.store import ACCOUNTS, Node, Store
from airflow_provider_adls.model import paths

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.principal import Principal


# Not frozen: one is made for each request, and a frozen one takes three times as long to make.
@dataclass(eq=False)
class Call:
    """One request, as the rules see it.

    :param account: short name of the account, which exists.
    :param now: milliseconds since 1970, UTC.
    """

    store: Store
    account: str
    principal: Principal
    now: int

    def find(self, path: str) -> Node | None:
        """Return the node at a path, or None; check `x` on every directory above it.

        :raises Denied: if the principal may not pass a directory above.
        """
        return self.locate(path)[1]

    def locate(self, path: str) -> tuple[Node | None, Node | None]:
        """Return the directory that holds a path, and the node at the path, each or None.

        The root is held by no directory.

        :raises Denied: if the principal may not pass a directory above.
        """
        holder, node = None, self.root()
        for name in segments(path):
            if node is None or not node.directory:
                return None, None
            self.demand(node, access.EXECUTE)
            holder, node = node, self.store.child(node.id, name)
        return holder, node

    def root(self) -> Node | None:
        """Return the account's root directory."""
        return self.store.child(ACCOUNTS, self.account)

    def get(self, path: str) -> Node:
        """Return the node at a path.

        :raises Missing: if it names nothing.
        """
        node = self.find(path)
        if node is None:
            raise Missing(path)
        return node

    def file(self, path: str) -> Node:
        """Return the file at a path.

        :raises Missing: if it names nothing.
        :raises Invalid: if it names a directory. (Status assumed.)
        """
        node = self.get(path)
        if node.directory:
            raise Invalid(f"{path} is a directory, not a file")
        return node

    def allows(self, node: Node, rights: int) -> bool:
        """Return whether the principal has all of these rights on a node."""
        return access.allows(self.principal, node, rights)

    def demand(self, node: Node, rights: int) -> None:
        """Ask for rights on a node.

        :raises Denied: if the principal lacks one.
        """
        if not self.allows(node, rights):
            raise Denied

    def demand_tree(self, top: Node, rights: int) -> None:
        """Ask for rights on a directory and on all directories under it.

        :raises Denied: if the principal lacks one.
        """
        if not self.principal.super_user:
            for directory in self.store.directories(top):
                self.demand(directory, rights)

    def holder(self, path: str, *, make: bool = True) -> Node:
        """Return the directory of a new entry, made with its parents if `make` is set.

        :raises Exists: if a file stands where a directory is needed. (Refusal documented, rest assumed.)
        :raises Missing: if it is missing and `make` is not set.
        :raises Denied: if the principal may not write into it.
        """
        node = self.root()
        if node is None:
            raise Missing("/")
        names = segments(path)[:-1]
        for depth, name in enumerate(names, 1):
            self.demand(node, access.EXECUTE)
            below = self.store.child(node.id, name)
            if below is None:
                if not make:
                    raise Missing(paths.parent(path))
                below = self.add(node, name, directory=True)
            elif not below.directory:
                raise Exists(f"/{'/'.join(names[:depth])} is a file, not a directory")
            node = below
        self.demand(node, access.WRITE | access.EXECUTE)
        return node

    def add(self, parent: Node, name: str, *, directory: bool, permission: int | None = None) -> Node:
        """Insert a new, empty entry of a directory, with the rights that it inherits, and return it.

        :param permission: requested bits; None for the service's own.
        :raises Denied: if the principal may not write into the directory.
        """
        return self.store.insert(self.new(parent, name, directory=directory, permission=permission))

    def new(self, parent: Node, name: str, *, directory: bool, permission: int | None = None) -> Node:
        """Return a new entry as `add` does, for the caller to insert."""
        self.demand(parent, access.WRITE | access.EXECUTE)
        bits, acl = access.inherited(parent, directory=directory, permission=permission)
        self.store.touch(parent.id, self.now)
        return Node.made(
            parent.id,
            name,
            self.now,
            directory=directory,
            permission=bits,
            owner=self.principal.object_id,
            # docs, "Access control in Data Lake Storage Gen1": the owning group is the parent's.
            group=parent.group,
            acl=acl,
        )

    def demand_removal(self, holder: Node, node: Node) -> None:
        """Ask for the right to take an entry out of its directory.

        :raises Denied: without `w` and `x` on the directory; under a sticky bit, also for who owns
            neither of the two (docs, "Access control in Data Lake Storage Gen1").
        """
        self.demand(holder, access.WRITE | access.EXECUTE)
        free = self.principal.super_user or self.principal.object_id in (holder.owner, node.owner)
        if holder.permission & access.STICKY and not free:
            raise Denied

    def remove(self, holder: Node, node: Node) -> None:
        """Take an entry out of its directory, with all that is under it.

        :raises Denied: as `demand_removal`.
        """
        self.demand_removal(holder, node)
        self.store.remove(node)
        self.store.touch(holder.id, self.now)


def segments(path: str) -> list[str]:
    """Return the names of a normalised path, from the root down; none for the root."""
    return path[1:].split("/") if len(path) > 1 else []
