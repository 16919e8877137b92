"""Advice: the sentences of errors that say what to do, all in one place."""

from __future__ import annotations

from urllib.parse import urlsplit

from airflow_provider_adls.model.clouds import LOOPBACK_HOSTS
from airflow_provider_adls.model.errors import AccountNotFoundError, ThrottledError, TokenRejectedError

RETIRED = (
    "Azure Data Lake Storage Gen1 was retired on 29 February 2024, and the host names of its accounts are"
    " gone with it. Use the emulator, or the endpoint of a cloud that still runs the service; data that was"
    " migrated is in a Gen2 account"
)
MISSPELT = "check the account's name, the cloud and the endpoint"
UNTRUSTED = (
    "the certificate is of an authority that is not trusted here: give its CA file (PEM) in the"
    " connection's field ca_file; behind an intercepting proxy, that of the proxy"
)
PLAIN = "if this port speaks TLS, the URL of the endpoint begins with https://"
NO_TLS = "the server at this port does not speak TLS: check the port, and whether the URL begins with http://"
CLOCK = (
    "this machine's clock calls the certificate not valid now: set the clock (NTP), or have the"
    " certificate renewed"
)
LATER = "the service is in trouble, or a gateway before it: try again later"
STRANGER = (
    "the reply did not come from the service (probably a proxy, a gateway or a network's sign-in page): check"
    " the URL"
)
_NOT_TLS = ("wrong version number", "record layer failure", "packet length too long", "http request")
BY_OBJECT_ID = "by its object id in the ACL (portal, Enterprise applications: not the client id)"
#: Roles for the files of a storage account (Gen2).
DATA_READER, DATA_CONTRIBUTOR = "Storage Blob Data Reader", "Storage Blob Data Contributor"
DATA_OWNER = "Storage Blob Data Owner"
#: Advice on rights to a storage account's files by other means than its ACLs.
BY_ROLE = (
    f"; or assign it the role {DATA_READER} to read, {DATA_CONTRIBUTOR} to write, or {DATA_OWNER} to change"
    " rights, on the account or the container. A signature needs the permission among its sp="
)
FLAT = (
    "the account has no hierarchical namespace, so that it has neither directories nor rights on them: use an"
    " account that has one, or upgrade this one (az storage account hns-migration)"
)
WAY_TO_MANAGEMENT = "the cloud, resource_manager and proxy of the connection"
#: The service's code for a file that another writer holds open (Java SDK, `ADLException`).
LEASE_CONFLICT = "0x83090a16"
#: The service's words for an address that an account's firewall does not let in. Assumed.
FIREWALL = "is not allowed by the firewall"

_LEASED = (
    "another writer holds the file open. If it lives, wait for it. If it died, its lease lapses in time;"
    " or delete the file and write it anew, or write to another name"
)
_FIREWALLED = (
    "the account's firewall does not let this machine in: add its public address to the account's firewall"
    " rules (Azure portal, the account, Firewall; or az dls account firewall create)"
)
_THROTTLED = (
    "the service throttles this client, and still did after the retries: run fewer tasks at once (an Airflow"
    " pool), or larger files; tasks that failed can be tried again later"
)
_DISTRUSTED = (
    "the account does not take this token, nor took the one before it: it trusts another tenant or cloud"
    " than the connection signs in to (check tenant_id, cloud, endpoint and datalake_audience), the clocks"
    " differ, or the credential's own cache gives a token again that was refused (sign in again, or restart"
    " the worker)"
)
_MANAGEMENT_DISTRUSTED = (
    "the Resource Manager does not take this token: it trusts another tenant or cloud than the connection"
    " signs in to (check tenant_id, cloud, resource_manager and resource_manager_audience), or the clocks"
    " differ"
)
#: The service answers so to a control character (.NET SDK's tests).
_NO_URL = f"look for a control character in the path, a line break for instance; if it has none, {STRANGER}"
_ACCOUNT = "check account_name, and the cloud or endpoint of the connection"
#: By words of the service, in small letters.
_BY_WORDS = {LEASE_CONFLICT: _LEASED, FIREWALL: _FIREWALLED}
_BY_KIND = {ThrottledError: _THROTTLED, TokenRejectedError: _DISTRUSTED, AccountNotFoundError: _ACCOUNT}
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

#: Advice on a storage account's errors, by their names.
_STORAGE = {
    "AuthenticationFailed": (
        "the account key is not one of the account's, or the signature has ended or was changed: enter a new"
        " one in the connection; or the clocks differ"
    ),
    "AuthorizationFailure": (
        "the account's network rules do not let this machine in: add its public address to them (Azure"
        " portal, the account, Networking)"
    ),
    "KeyBasedAuthenticationNotPermitted": (
        "the account takes no keys: sign in as a client or an identity, or allow shared key access"
    ),
    "NoAuthenticationInformation": (
        "the account has no anonymous readers: check the connection's sign-in method"
    ),
}


def on_storage(name: str | None) -> str:
    """Return what to do about an error of a storage account (Gen2); empty where its message says it.

    :param name: its name for the error, ``AuthenticationFailed`` for instance.
    """
    return _STORAGE.get(name or "", "")


def on_answer(kind: type[Exception], message: str, status: int) -> str:
    """Return what to do about an error of the file system; empty where its message says it.

    :param kind: class that it is raised as.
    :param message: the service's own words; empty where it had none.
    :param status: HTTP status.
    """
    for words, advice in _BY_WORDS.items():
        if words in message.lower():
            return advice
    for known, advice in _BY_KIND.items():
        if issubclass(kind, known):
            return advice
    if message:
        return ""
    if status == 400:
        return _NO_URL
    return LATER if status >= 500 else STRANGER


def on_management(kind: type[Exception], code: str | None) -> str:
    """Return what to do about an error of the Resource Manager; empty where its message says it.

    :param kind: class that it is raised as.
    :param code: its name for the error, ``AuthorizationFailed`` for instance.
    """
    if known := _MANAGEMENT.get(code or ""):
        return known
    if issubclass(kind, TokenRejectedError):
        return _MANAGEMENT_DISTRUSTED
    return _THROTTLED if issubclass(kind, ThrottledError) else ""


def on_silence(url: str, what: str) -> str:
    """Return advice for a service that does not answer.

    :param url: URL of the request.
    :param what: field of the connection, or the like, that says where to ask.
    """
    if urlsplit(url).hostname in LOOPBACK_HOSTS:
        return f"check {what}; an emulator that ended is started by: adls-gen1 emulator start"
    return f"check {what}, the route there and firewalls"


def on_certificate(said: str) -> str:
    """Return what is wrong with a certificate, or a connection by TLS, that was not accepted.

    :param said: OpenSSL's words.
    """
    if any(words in said.lower().replace("_", " ") for words in _NOT_TLS):
        return NO_TLS
    late = "certificate is not yet valid" in said or "certificate has expired" in said
    return CLOCK if late else UNTRUSTED
