"""The door of the storage accounts: who calls, by token, key or signature, and whether it may come in.

Codes and messages are documented ("Common REST API error codes", "Authorize with Microsoft Entra ID"); which
of them the service says first, where several apply, is assumed: network, then signature, then rights.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Callable, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from aiohttp import hdrs

from airflow_provider_adls.emulator.identity import audiences
from airflow_provider_adls.emulator.identity.tokens import TokenRejectedError
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.storage.caller import KEY_HOLDER, Caller
from airflow_provider_adls.emulator.storage.errors import StorageError, refused
from airflow_provider_adls.emulator.storage.operations import RENAME, RENAME_SOURCE, Address, address
from airflow_provider_adls.emulator.storage.sign_in import delegation, rights, shared_key
from airflow_provider_adls.emulator.storage.sign_in.sas import Signature, moment

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.identity.directory import Directory
    from airflow_provider_adls.emulator.identity.tokens import Caller as Signed
    from airflow_provider_adls.emulator.identity.tokens import Tokens
    from airflow_provider_adls.emulator.origins import Address as Origin
    from airflow_provider_adls.emulator.origins import Origins
    from airflow_provider_adls.emulator.storage.account import StorageAccount
    from airflow_provider_adls.emulator.storage.mount import Asked

#: Seconds that a key's signature is good for ("Authorize with Shared Key").
_FRESH = 15 * 60
_SCHEMES = {"sharedkey": False, "sharedkeylite": True}


#: Finds a stored access policy: `Start`, `Expiry` and `Permission`, as far as it says them.
Policy = Callable[[str, str, str], Mapping[str, str] | None]


class StorageDoor:
    """Signs callers in.

    :param directory: the tenant, whose principals have roles.
    :param tokens: checks bearer tokens.
    :param origins: where requests come from.
    :param policy: returns a stored access policy of a container by account, container and name, or None.
    :param clock: the emulator's time, by which signatures and tokens end.
    """

    def __init__(
        self, directory: Directory, tokens: Tokens, origins: Origins, policy: Policy, clock: Clock
    ) -> None:
        self._directory = directory
        self._tokens = tokens
        self._origins = origins
        self._policy = policy
        self._clock = clock

    def admit(self, request: web.Request, account: StorageAccount, asked: Asked, prefix: str) -> Caller:
        """Return the caller of a request.

        :param prefix: what stands before `/{container}` in the path of the request.
        :raises StorageError: if it may not come in, or may not do this.
        """
        origin = self._origins.of(request)
        _check_network(account, origin)
        authorization = request.headers.get(hdrs.AUTHORIZATION, "")
        scheme, _, credential = authorization.partition(" ")
        right = rights.RIGHTS.get(asked.operation or "")
        if "sig" in asked.query:
            return self._by_signature(request, account, asked, right, origin)
        if not authorization:
            raise self._challenge("NoAuthenticationInformation")
        if scheme.lower() == "bearer":
            caller = self.bearer(request, account)
            _check_role(caller, right)
            return caller
        if scheme.lower() in _SCHEMES:
            self._check_key(request, account, credential, prefix, lite=_SCHEMES[scheme.lower()])
            return KEY_HOLDER
        raise self._challenge("InvalidAuthenticationInfo")

    def bearer(self, request: web.Request, account: StorageAccount) -> Caller:
        """Return the caller of a request that carries a token.

        :raises StorageError: if the token is not good for the account.
        """
        principal = self._signed(request, account).principal
        return Caller(principal, principal.storage_role)

    def _signed(self, request: web.Request, account: StorageAccount) -> Signed:
        try:
            return self._tokens.check(
                request.headers.get(hdrs.AUTHORIZATION), audiences.of_storage(account.name)
            )
        except TokenRejectedError:
            raise self._challenge("InvalidAuthenticationInfo") from None

    def _challenge(self, code: str) -> StorageError:
        tenant = self._directory.tenant_id
        uri = f"https://login.microsoftonline.com/{tenant}/oauth2/authorize"
        value = f"Bearer authorization_uri={uri} resource_id=https://storage.azure.com"
        return refused(code, {hdrs.WWW_AUTHENTICATE: value})

    def _check_key(
        self, request: web.Request, account: StorageAccount, credential: str, prefix: str, *, lite: bool
    ) -> None:
        _check_keys_allowed(account)
        name, colon, signature = credential.partition(":")
        # A client that knows the emulator by a path may take the path for the account's name.
        if not colon or name.lower() not in (account.name, prefix.lstrip("/").lower()):
            raise refused("AuthenticationFailed")
        stated = request.headers.get("x-ms-date", request.headers.get(hdrs.DATE, ""))
        # By the machine's time: a test that moves the emulator's clock does not move its clients'.
        if not _is_fresh(stated, time.time()):
            raise refused("AuthenticationFailed")
        signed = shared_key.texts(request.method, request.raw_path, request.headers, name, prefix, lite=lite)
        if not shared_key.is_signed(signature, account.keys, signed):
            raise refused("AuthenticationFailed")

    def _by_signature(
        self,
        request: web.Request,
        account: StorageAccount,
        asked: Asked,
        right: rights.Right | None,
        origin: Origin | None,
    ) -> Caller:
        signature = Signature(asked.query)
        self._check_signature(account, signature, _scoped(asked))
        signature = self._completed(account, asked.address.container, signature)
        self._check_limits(request, signature, origin)
        if right is not None:
            _check_right(signature, right)
        if asked.operation == RENAME:
            self._check_source(request, account, signature, origin)
        return self._caller(request, account, signature)

    def _check_source(
        self, request: web.Request, account: StorageAccount, signature: Signature, origin: Origin | None
    ) -> None:
        """Check that the source of a rename is in reach of a signature: its own, or the request's."""
        source = urlsplit(request.headers[RENAME_SOURCE])
        own = {name.lower(): value for name, value in parse_qsl(source.query, keep_blank_values=True)}
        place = address(source.path)
        given = Signature(own) if "sig" in own else Signature(signature.fields)
        self._check_signature(account, given, place)
        completed = self._completed(account, place.container, given)
        self._check_limits(request, completed, origin)
        _check_right(completed, rights.RENAME_SOURCE)

    def _completed(self, account: StorageAccount, container: str, signature: Signature) -> Signature:
        """Return a signature with what the stored access policy that it names says for it.

        :raises StorageError: if the container has no such policy.
        """
        if not signature["si"] or signature.of_account or signature.of_user:
            return signature
        policy = self._policy(account.name, container, signature["si"])
        if policy is None:
            raise refused("AuthenticationFailed")
        return signature.completed(policy)

    def _check_signature(self, account: StorageAccount, signature: Signature, place: Address) -> None:
        if signature.of_user:
            keys: Iterable[str] = (self._delegated_key(account, signature),)
        else:
            _check_keys_allowed(account)
            keys = account.keys
        if signature.of_account:
            texts: Iterable[str] = (signature.account_text(account.name),)
        else:
            resource = signature.scope(place)
            if resource is None:
                raise refused("AuthenticationFailed")
            texts = signature.texts(account.name, resource)
        if not signature["sv"] or not shared_key.is_signed(signature["sig"], keys, texts):
            raise refused("AuthenticationFailed")

    def _delegated_key(self, account: StorageAccount, signature: Signature) -> str:
        """Return the user delegation key that a signature names, if it is good now."""
        start, end = moment(signature["skt"]), moment(signature["ske"])
        if start is None or end is None or not start <= self._clock.now() < end or signature["sks"] != "b":
            raise refused("AuthenticationFailed")
        return delegation.value(
            account,
            signature["skoid"],
            signature["sktid"],
            signature["skt"],
            signature["ske"],
            signature["skv"],
        )

    def _check_limits(self, request: web.Request, signature: Signature, origin: Origin | None) -> None:
        """Check time, address and protocol of a signature."""
        start = moment(signature["st"]) if signature["st"] else float("-inf")
        end = moment(signature["se"])
        if start is None or end is None or not start <= self._clock.now() < end:
            raise refused("AuthenticationFailed")
        if signature["sip"] and not _is_within(signature["sip"], origin):
            raise refused("AuthorizationSourceIPMismatch")
        protocols = signature["spr"].split(",") if signature["spr"] else ["https", "http"]
        if request.scheme not in protocols:
            raise refused("AuthorizationProtocolMismatch")

    def _caller(self, request: web.Request, account: StorageAccount, signature: Signature) -> Caller:
        overwrite = "w" in signature.permissions
        if not signature.of_user:
            return Caller(KEY_HOLDER.principal, may_overwrite=overwrite)
        owner = self._directory.principal(signature["skoid"])
        if owner is None:
            raise refused("AuthenticationFailed")
        if user := signature["sduoid"]:
            # It is good together with a token of that user alone.
            given = self._signed(request, account).principal.object_id
            if not hmac.compare_digest(given.encode(), user.encode()):
                raise refused("AuthenticationFailed")
        if agent := signature["saoid"]:
            return Caller(Principal(agent, super_user=False), owner.storage_role, overwrite)
        if agent := signature["suoid"]:
            known = self._directory.principal(agent) or Principal(agent, super_user=False)
            return Caller(known, "none", overwrite)
        return Caller(owner, owner.storage_role, overwrite)


def _scoped(asked: Asked) -> Address:
    """Return the place that a request is about: of a list the directory that it lists."""
    if asked.operation == "ListFilesystemDir":
        return Address(asked.address.container, asked.query.get("directory", "").strip("/"))
    if asked.operation == "ListBlobs":
        return Address(asked.address.container, asked.query.get("prefix", "").strip("/"))
    return asked.address


def _check_network(account: StorageAccount, origin: Origin | None) -> None:
    rules = account.settings.get("networkAcls") or {}
    if rules.get("defaultAction") != "Deny":
        return
    allowed = [rule.get("value", "") for rule in rules.get("ipRules", ())]
    if origin is None or not any(origin in ipaddress.ip_network(each, strict=False) for each in allowed):
        raise refused("AuthorizationFailure")


def _check_keys_allowed(account: StorageAccount) -> None:
    if account.settings.get("allowSharedKeyAccess") is False:
        raise refused("KeyBasedAuthenticationNotPermitted")


def _check_right(signature: Signature, right: rights.Right) -> None:
    if signature.of_account:
        if "b" not in signature["ss"]:
            raise refused("AuthorizationServiceMismatch")
        if not set(right.resource) & set(signature["srt"]):
            raise refused("AuthorizationResourceTypeMismatch")
    elif not right.service_sas:
        raise refused("AuthorizationFailure")
    if right.letters and not signature.permissions & set(right.letters):
        raise refused("AuthorizationPermissionMismatch")


def _check_role(caller: Caller, right: rights.Right | None) -> None:
    if right is None or right.role is None:
        return
    if caller.role == "none" or (right.role == "write" and caller.role == "reader"):
        raise refused("AuthorizationPermissionMismatch")


def _is_fresh(date: str, now: float) -> bool:
    try:
        return abs(parsedate_to_datetime(date).timestamp() - now) <= _FRESH
    except (ValueError, TypeError):
        return False


def _is_within(text: str, origin: Origin | None) -> bool:
    first, _, last = text.partition("-")
    try:
        lowest, highest = ipaddress.ip_address(first), ipaddress.ip_address(last or first)
    except ValueError:
        return False
    if origin is None or origin.version != lowest.version:
        return False
    return int(lowest) <= int(origin) <= int(highest)
