"""`Accounts`: the accounts, and the rules for making, changing and deleting them."""

from __future__ import annotations

import dataclasses
import functools
import uuid
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.arm import encryption, errors
from airflow_provider_adls.emulator.arm.account import Account, timestamp
from airflow_provider_adls.emulator.arm.firewall import Firewall
from airflow_provider_adls.emulator.arm.nested import KINDS, Kind
from airflow_provider_adls.model.paths import ACCOUNT_NAME

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.definition import Definition
    from airflow_provider_adls.emulator.arm.firewall import Network
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.origins import Address
    from airflow_provider_adls.emulator.store import Documents
    from airflow_provider_adls.emulator.webhdfs import Lake

_KIND = "arm.account"


class Accounts:
    """All accounts of the emulator.

    An account is usable as soon as it is made. Its operation is seen to end at the second look, so
    that a client which polls has something to poll for, and one which does not is not delayed.

    :param azure: networks that count as Azure's own.
    """

    def __init__(
        self, documents: Documents, lake: Lake, clock: Clock, azure: tuple[Network, ...] = ()
    ) -> None:
        self._documents = documents
        self._lake = lake
        self._clock = clock
        self._azure = azure
        # Every request for files asks for its account's.
        self._firewalls: dict[str, Firewall | None] = {}

    def let_in(self, name: str, address: Address | None) -> bool:
        """Return whether an account's firewall lets a client in; without an enabled one it does.

        :param address: the client's; None if it has hung up.
        """
        if name not in self._firewalls:
            document = self._documents.get(_KIND, name)
            if document is None:
                return True
            self._firewalls[name] = Firewall.of(_account(document).settings, self._azure)
        firewall = self._firewalls[name]
        return firewall is None or firewall.lets_in(address)

    def get(self, group: str, name: str) -> Account:
        """Return the account of a resource group; the first look at a new one sees that it is being made.

        :raises ArmError: 404 for an unknown name.
        """
        account = self.find(group, name)
        if account is None:
            raise errors.account_missing(type=errors.ACCOUNT_TYPE, name=name, group=group)
        self._looked_at(account)
        return account

    def under(self, group: str | None = None) -> list[Account]:
        """Return all accounts, or those of a resource group, by name."""
        accounts = (_account(document) for _, document in self._documents.items(_KIND))
        found = [each for each in accounts if group is None or each.group.lower() == group.lower()]
        return sorted(found, key=lambda account: account.name)

    def exists(self, name: str) -> bool:
        """Return whether the name is taken, in any resource group."""
        return self._documents.get(_KIND, name.lower()) is not None

    def create(self, group: str, name: str, wanted: Definition, owner: str) -> Account:
        """Make an account.

        :param owner: object id of its maker, who will own the root directory.
        :raises ArmError: 400 for a bad name or no location, 409 if the name is taken.
        """
        if not ACCOUNT_NAME.fullmatch(name):
            raise errors.account_name_invalid(name=name)
        if wanted.location is None:
            raise errors.location_missing()
        if self.exists(name):
            raise errors.account_taken(name=name)
        now = timestamp(self._clock.now())
        account = Account(
            name=name,
            subscription=well_known.SUBSCRIPTION_ID,
            group=group,
            location=wanted.location,
            account_id=str(uuid.uuid4()),
            created=now,
            modified=now,
            tags=wanted.tags,
            identity=str(uuid.uuid4()) if wanted.identity else None,
            settings=encryption.begun(_nested({}, wanted.settings)),
            creating=True,
        )
        # The file system first: an account with a document always has one. One without a
        # document is what a kill between the two steps left behind, empty, and is taken over.
        if not self._lake.has_account(name):
            self._lake.create_account(name, owner)
        self._keep(account)
        return account

    def replace(self, account: Account, wanted: Definition) -> Account:
        """Give an account the tags and properties of a PUT; others get a new account's defaults.

        :raises ArmError: 400 without a location, 409 for another than it has.
        """
        if wanted.location is None:
            raise errors.location_missing()
        if wanted.location != account.location:
            raise errors.location_differs(
                name=account.name, group=account.group, there=account.location, asked=wanted.location
            )
        identity = (account.identity or str(uuid.uuid4())) if wanted.identity else None
        settings = encryption.kept(account.settings, _nested({}, wanted.settings))
        return self._changed(account, tags=wanted.tags, identity=identity, settings=settings)

    def update(self, account: Account, wanted: Definition) -> Account:
        """Change what a PATCH names; tags are replaced as a whole (recorded).

        :raises ArmError: 400 for a property that cannot be changed.
        """
        tags = account.tags if wanted.tags is None else wanted.tags
        given = dict(wanted.settings)
        if (
            "encryptionState" in given
            and given["encryptionState"] != encryption.shown(account.settings)["encryptionState"]
        ):
            raise errors.encryption_fixed()
        if keys := given.get("encryptionConfig"):
            given["encryptionConfig"] = encryption.rotated(account.settings, keys)
        return self._changed(
            account, tags=tags, settings={**account.settings, **_nested(account.settings, given)}
        )

    def set_nested(self, account: Account, kind: Kind, resources: list[dict[str, Any]]) -> Account:
        """Give an account other nested resources of a kind."""
        return self._changed(account, settings={**account.settings, kind.segment: resources})

    def enable_key_vault(self, account: Account) -> Account:
        """Record that the account may use the vault with its key.

        :raises ArmError: 400 for an account whose key is the service's.
        """
        if "encryptionProvisioningState" not in account.settings:
            raise errors.key_vault_unused(name=account.name)
        return self._changed(
            account, settings={**account.settings, "encryptionProvisioningState": "Succeeded"}
        )

    def delete(self, group: str, name: str) -> bool:
        """Delete an account and its files; return False if it is missing."""
        account = self.find(group, name)
        if account is None:
            return False
        if self._lake.has_account(account.name):
            self._lake.delete_account(account.name)
        self._documents.delete(_KIND, account.name)
        self._firewalls.pop(account.name, None)
        return True

    def operation(self, operation_id: str) -> bool:
        """Look at the operation that makes an account: whether it has ended.

        :raises ArmError: 404 for an unknown operation.
        """
        for _, document in self._documents.items(_KIND):
            account = _account(document)
            if account.operation_id == operation_id.lower():
                self._looked_at(account)
                return not account.creating
        raise errors.operation_missing()

    def find(self, group: str, name: str) -> Account | None:
        """Return the account of a resource group, or None; this does not count as a look at it."""
        document = self._documents.get(_KIND, name.lower())
        if document is None:
            return None
        account = _account(document)
        return account if account.group.lower() == group.lower() else None

    def _looked_at(self, account: Account) -> None:
        if account.creating:
            self._keep(dataclasses.replace(account, creating=False))

    def _changed(self, account: Account, **changes: Any) -> Account:
        modified = timestamp(self._clock.now())
        changed = dataclasses.replace(account, creating=False, modified=modified, **changes)
        self._keep(changed)
        return changed

    def _keep(self, account: Account) -> None:
        self._documents.put(_KIND, account.name, account.document())
        self._firewalls.pop(account.name, None)


def _nested(there: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Merge each given list of nested resources into the account's own, and return all given settings."""
    merged = dict(given)
    for segment, kind in KINDS.items():
        if segment in given:
            merged[segment] = functools.reduce(kind.merge, given[segment], there.get(segment, []))
    return merged


def _account(document: dict[str, Any]) -> Account:
    return Account(**document)
