"""Namespaces: the containers and files of all Gen2 accounts, as the account service sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator.gen2.errors import StorageError, refused
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.rules import expiry
from airflow_provider_adls.emulator.rules.gen2 import containers, properties
from airflow_provider_adls.emulator.rules.gen2.calls import ACCOUNTS, ROOT, FileCall
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.deletion import forget
from airflow_provider_adls.emulator.rules.gen2.versions import Versions, etag
from airflow_provider_adls.emulator.store import Node, Store
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock


class Container(NamedTuple):
    """A container (DFS: file system) of an account, as lists show it.

    :param etag: without quotes.
    :param modified: when it was changed, in seconds since 1970.
    :param metadata: values that callers keep with it, by name.
    :param public: part that may be read without sign-in: `container`, `blob`, or nothing if empty.
    """

    name: str
    etag: str
    modified: float
    metadata: Mapping[str, str]
    public: str = ""


class Namespaces:
    """Containers and files by the names of their accounts.

    :param store: store that keeps them; the caller that opened it closes it.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.versions = Versions()

    def create_account(self, account: str) -> None:
        """Make room for an account; one that exists keeps what it has."""
        if self.store.child(ACCOUNTS, account) is None:
            with self.store.transaction():
                self.store.insert(
                    Node.made(
                        ACCOUNTS,
                        account,
                        self.clock.now_ms(),
                        directory=True,
                        permission=0,
                        owner=gen2.SUPER_USER,
                        group=gen2.SUPER_USER,
                    )
                )
                for name in containers.SYSTEM:
                    containers.create(self._call(account, name), {})

    def delete_account(self, account: str) -> None:
        """Delete all containers of an account; an account that does not exist is not an error."""
        node = self.store.child(ACCOUNTS, account)
        if node is None:
            return
        call = self._call(account)
        with self.store.transaction():
            for item in self.store.trash.items(node.id):
                gone = self.store.child(-node.id, str(item.node))
                if gone is not None:
                    containers.remove(call, gone)
                self.store.trash.remove(item.node)
            for container in self.store.children(node.id):
                containers.remove(call, container)
            self.store.remove(node)

    def empty_account(self, account: str) -> None:
        """Delete all paths of an account, deleted ones too; its containers stay."""
        node = self.store.child(ACCOUNTS, account)
        if node is None:
            return
        call = self._call(account)
        with self.store.transaction():
            for container in self.store.children(node.id):
                root = self.store.child(container.id, ROOT)
                assert root is not None
                for item in self.store.trash.items(root.id):
                    forget(call, root, item)
                for entry in self.store.children(root.id):
                    self.store.remove(entry)
                self.store.blocks.drop(container.id)

    def containers(self, account: str) -> list[Container]:
        """Return the containers of an account, by name."""
        node = self.store.child(ACCOUNTS, account)
        found = [] if node is None else self.store.children(node.id)
        return [_container(each) for each in found if each.name not in containers.SYSTEM]

    def create_container(
        self, account: str, name: str, owner: str, metadata: Mapping[str, str]
    ) -> Container | None:
        """Make a container; return None if one of this name exists.

        :param owner: object id of its creator, who owns its root directory.
        """
        call = self._call(account, name, owner)
        if call.find_container() is not None:
            return None
        with self.store.transaction():
            return _container(containers.create(call, metadata))

    def change_container(
        self, account: str, name: str, metadata: Mapping[str, str] | None, public: str | None
    ) -> Container | None:
        """Give a container other metadata or public access; None leaves either as it is.

        :return: the container, with a new ETag; None if there is none of this name.
        """
        call = self._call(account, name)
        if call.find_container() is None:
            return None
        given = {"metadata": metadata if metadata is None else dict(metadata), "public": public}
        values = {key: value for key, value in given.items() if value is not None}
        with self.store.transaction():
            return _container(containers.change(call, Conditions(), "", **values))

    def access_policy(self, account: str, container: str, name: str) -> Mapping[str, str] | None:
        """Return a stored access policy of a container, or None."""
        node = self._call(account, container).find_container()
        policies = () if node is None else properties.of(node).get(properties.POLICIES, ())
        return next((policy for policy in policies if policy["Id"] == name), None)

    def delete_container(self, account: str, name: str, retention: int | None = None) -> bool:
        """Delete a container with its files; return False if the account has none of this name.

        :param retention: days in which it can be restored; None deletes it for good.
        """
        try:
            with self.store.transaction():
                call = replace(self._call(account, name), container_retention=retention)
                containers.delete(call, Conditions())
        except StorageError:
            return False
        return True

    def browse(self, account: str, path: str, *, after: str, limit: int) -> list[Node]:
        """Return entries of a directory by name, as a super user sees them, without a request.

        :param path: `/` for the containers of the account, each shown as its root directory; else
            `/container/dir`.
        :raises StorageError: if no directory is at the path.
        """
        container, _, rest = path.strip("/").partition("/")
        if not container:
            top = self._call(account).account_node()
            shown = []
            for node in self.store.children(top.id, after=after, limit=limit + len(containers.SYSTEM)):
                root = self.store.child(node.id, ROOT)
                assert root is not None
                if node.name not in containers.SYSTEM:
                    shown.append(root._replace(name=node.name))
            return shown[:limit]
        call = self._call(account, container)
        expiry.purge(call)
        found = call.get(f"/{rest}")
        if not found.directory:
            raise refused("ResourceTypeMismatch")
        return self.store.children(found.id, after=after, limit=limit)

    def _call(self, account: str, container: str = "", owner: str = gen2.SUPER_USER) -> FileCall:
        return FileCall(
            self.store,
            account,
            Principal(owner),
            self.clock.now_ms(),
            container=container,
            versions=self.versions,
        )


def _container(node: Node) -> Container:
    return Container(
        node.name,
        etag(node.etag),
        node.modified / 1000,
        properties.metadata(node),
        properties.of(node).get(properties.PUBLIC, ""),
    )
