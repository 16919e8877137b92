"""`StorageDoor`: signs callers of storage accounts in, by token, key or signature.

Codes and messages are documented ("Common REST API error codes", "Authorize with Microsoft Entra ID"); which
of them the service says first, where several apply, is assumed: network, then signature, then rights.
"""

from __future__ import annotations

import ipaddress
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from aiohttp import hdrs

from airflow_provider_adls.emulator.gen2.caller import KEY_HOLDER, Caller
from airflow_provider_adls.emulator.gen2.errors import StorageError, refused
from airflow_provider_adls.emulator.gen2.sign_in import rights, shared_key
from airflow_provider_adls.emulator.gen2.sign_in.signatures import Signatures, check_keys_allowed
from airflow_provider_adls.emulator.identity import audiences
from airflow_provider_adls.emulator.identity.tokens import TokenRejectedError

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.gen2.account import StorageAccount
    from airflow_provider_adls.emulator.gen2.mount import Asked
    from airflow_provider_adls.emulator.gen2.sign_in.signatures import Policy
    from airflow_provider_adls.emulator.identity.directory import Directory
    from airflow_provider_adls.emulator.identity.tokens import Caller as Signed
    from airflow_provider_adls.emulator.identity.tokens import Tokens
    from airflow_provider_adls.emulator.origins import Address as Origin
    from airflow_provider_adls.emulator.origins import Origins

#: Seconds that a key's signature is good for ("Authorize with Shared Key").
_FRESH = 15 * 60
_SCHEMES = {"sharedkey": False, "sharedkeylite": True}


class StorageDoor:
    """Signs callers in.

    :param directory: the tenant, whose principals have roles.
    :param tokens: checks bearer tokens.
    :param origins: register of the requests' clients.
    :param policy: returns a stored access policy of a container by account, container and name, or None.
    :param clock: the emulator's time, by which signatures and tokens end.
    """

    def __init__(
        self, directory: Directory, tokens: Tokens, origins: Origins, policy: Policy, clock: Clock
    ) -> None:
        self._directory = directory
        self._tokens = tokens
        self._origins = origins
        self._signatures = Signatures(directory, policy, clock, self._signed)

    def admit(self, request: web.Request, account: StorageAccount, asked: Asked, prefix: str) -> Caller:
        """Return the caller of a request.

        :param prefix: text before `/{container}` in the path of the request.
        :raises StorageError: if it may not come in, or may not do this.
        """
        origin = self._origins.of(request)
        _check_network(account, origin)
        authorization = request.headers.get(hdrs.AUTHORIZATION, "")
        scheme, _, credential = authorization.partition(" ")
        right = rights.RIGHTS.get(asked.operation or "")
        if "sig" in asked.query:
            return self._signatures.admit(request, account, asked, right, origin)
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
        check_keys_allowed(account)
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


def _check_network(account: StorageAccount, origin: Origin | None) -> None:
    rules = account.settings.get("networkAcls") or {}
    if rules.get("defaultAction") != "Deny":
        return
    allowed = [rule.get("value", "") for rule in rules.get("ipRules", ())]
    if origin is None or not any(origin in ipaddress.ip_network(each, strict=False) for each in allowed):
        raise refused("AuthorizationFailure")


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
