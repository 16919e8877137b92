"""States of an account: which of them pass, which are a failure, and which are waited for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from airflow_provider_adls.model.errors import AccountStateError

#: The Resource Manager's states of an account that something is done to (azure-mgmt-datalake-store 0.5.0,
#: `DataLakeStoreAccountStatus`; azure-mgmt-storage 25.3, `ProvisioningState`), and whether it may be used
#: (`DataLakeStoreAccountState`; a storage account whose primary is available is Active). None is in both.
STATES = (
    "Failed",
    "Creating",
    "ResolvingDNS",
    "Running",
    "Succeeded",
    "Patching",
    "Suspending",
    "Resuming",
    "Deleting",
    "Deleted",
    "Undeleting",
    "Canceled",
    "Active",
    "Suspended",
)
#: Something is still being done to the account.
PASSING = frozenset(
    {
        "Creating",
        "ResolvingDNS",
        "Running",
        "Patching",
        "Suspending",
        "Resuming",
        "Deleting",
        "Undeleting",
    }
)
SUCCEEDED = "Succeeded"
#: State of an account that does not exist.
DELETED = "Deleted"
FAILED = ("Failed", "Canceled")


def states(account: Mapping[str, Any] | None) -> set[str]:
    """Return the states of an account.

    :param account: `describe_account` of it; None if there is none.
    """
    if account is None:
        return {DELETED}
    return {word for word in (account["provisioning_state"], account["state"]) if word}


def is_transient(account: Mapping[str, Any] | None) -> bool:
    """Return whether an operation at an account is under way."""
    return not PASSING.isdisjoint(states(account))


def reached(
    name: str, account: Mapping[str, Any] | None, targets: Collection[str], failures: Collection[str]
) -> bool:
    """Return whether an account is in one of the expected states.

    :param name: short name of the account.
    :raises AccountStateError: if it is in one of the states of failure.
    """
    now = states(account)
    if not now.isdisjoint(targets):
        return True
    if failed := sorted(now.intersection(failures)):
        raise AccountStateError(
            f"the account is {failed[0]}; expected {' or '.join(sorted(targets))}",
            operation="accounts.get",
            account=name,
        )
    return False
