"""What to do about what went wrong, in the words of the errors: one place for them all."""

from __future__ import annotations

from airflow_provider_adls.gen1.errors import AccountNotFoundError, ThrottledError, TokenRejectedError

RETIRED = (
    "Azure Data Lake Storage Gen1 was retired on 29 February 2024, and the host names of its accounts are"
    " gone with it. Use the emulator, or the endpoint of a cloud that still runs the service; data that was"
    " migrated is in a Gen2 account"
)
UNTRUSTED = (
    "the certificate is of an authority that is not trusted here: give its CA file (PEM) in the"
    " connection's field ca_file; behind an intercepting proxy, that of the proxy"
)
CLOCK = (
    "this machine's clock calls the certificate not valid now: set the clock (NTP), or have the"
    " certificate renewed"
)
#: The service's code for a file that another writer holds open (Java SDK, `ADLException`).
LEASE_CONFLICT = "0x83090a16"
#: What the service calls an address that an account's firewall does not let in. Assumed.
FIREWALL = "is not allowed by the firewall"

_LEASED = (
    "another writer holds the file open. If it lives, wait for it. If it died, its lease lapses by itself;"
    " or delete the file and write it anew, or write to another name"
)
_FIREWALLED = (
    "the account's firewall does not let this machine in: add its public address to the account's firewall"
    " rules (Azure portal, the account, Firewall; or az dls account firewall create)"
)
_THROTTLED = (
    "the service is asked too much, and still was after the retries: run fewer tasks at once (an Airflow"
    " pool), or larger files; what was not done can be tried again later"
)
_DISTRUSTED = (
    "the account does not take this token: it trusts another tenant or cloud than the connection signs in"
    " to (check tenant_id, cloud and endpoint), or the clocks differ"
)
_ACCOUNT = "check account_name, and the cloud or endpoint of the connection"
_ROLE = (
    "in the subscription this client lacks a role: have its owner assign one (Azure portal, the resource"
    " group, Access control (IAM)): Reader to look, Contributor to make, change and delete. A new role takes"
    " some minutes; rights on files are apart from it"
)
_SUBSCRIPTION = "check subscription_id, and that the subscription is of the tenant and cloud signed in to"
_MANAGEMENT = {
    "AuthorizationFailed": _ROLE,
    "SubscriptionNotFound": _SUBSCRIPTION,
    "InvalidSubscriptionId": _SUBSCRIPTION,
    "InvalidAuthenticationTokenTenant": _SUBSCRIPTION,
    "ResourceGroupNotFound": "check resource_group and subscription_id",
}


def on_answer(kind: type[Exception], message: str) -> str:
    """What to do about an error of the file system; empty where its message says it or only a look can.

    :param kind: class that it is raised as.
    :param message: the service's own words.
    """
    if LEASE_CONFLICT in message.lower():
        return _LEASED
    if FIREWALL in message:
        return _FIREWALLED
    for known, advice in ((ThrottledError, _THROTTLED), (TokenRejectedError, _DISTRUSTED)):
        if issubclass(kind, known):
            return advice
    return _ACCOUNT if issubclass(kind, AccountNotFoundError) else ""


def on_management(code: str | None) -> str:
    """What to do about an error of the Resource Manager; empty where its message says it.

    :param code: its name for the error, ``AuthorizationFailed`` for instance.
    """
    return _MANAGEMENT.get(code or "", "")


def on_certificate(said: str) -> str:
    """What is wrong with a certificate that was not accepted.

    :param said: OpenSSL's words.
    """
    late = "certificate is not yet valid" in said or "certificate has expired" in said
    return CLOCK if late else UNTRUSTED
