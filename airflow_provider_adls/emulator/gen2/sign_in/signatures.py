"""`Signatures`: checks shared access signatures: who signed, when, from where, for which place and right.

Codes are documented ("Common REST API error codes"); which of them the service says first is assumed.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from airflow_provider_adls.emulator.gen2.caller import KEY_HOLDER, Caller
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.gen2.operations import RENAME, RENAME_SOURCE, Address, address
from airflow_provider_adls.emulator.gen2.sign_in import delegation, rights, shared_key
from airflow_provider_adls.emulator.gen2.sign_in.sas import Signature, moment
from airflow_provider_adls.emulator.principal import Principal

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.gen2.account import StorageAccount
    from airflow_provider_adls.emulator.gen2.mount import Asked
    from airflow_provider_adls.emulator.identity.directory import Directory
    from airflow_provider_adls.emulator.identity.tokens import Caller as Signed
    from airflow_provider_adls.emulator.origins import Address as Origin

#: Finds a stored access policy: `Start`, `Expiry` and `Permission`, as far as it says them.
Policy = Callable[[str, str, str], Mapping[str, str] | None]


class Signatures:
    """Checks signatures.

    :param directory: the tenant, whose principals have roles.
    :param policy: returns a stored access policy of a container by account, container and name, or None.
    :param clock: the emulator's time, by which signatures end.
    :param signed: returns the caller of a request with a bearer token, or raises.
    """

    def __init__(
        self,
        directory: Directory,
        policy: Policy,
        clock: Clock,
        signed: Callable[[web.Request, StorageAccount], Signed],
    ) -> None:
        self._directory = directory
        self._policy = policy
        self._clock = clock
        self._signed = signed

    def admit(
        self,
        request: web.Request,
        account: StorageAccount,
        asked: Asked,
        right: rights.Right | None,
        origin: Origin | None,
    ) -> Caller:
        """Return the caller of a request that carries a signature.

        :raises StorageError: if it is not good for the request.
        """
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
            check_keys_allowed(account)
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


def check_keys_allowed(account: StorageAccount) -> None:
    """Check that an account lets its keys, and what they sign, in.

    :raises StorageError: if it does not.
    """
    if account.settings.get("allowSharedKeyAccess") is False:
        raise refused("KeyBasedAuthenticationNotPermitted")


def _scoped(asked: Asked) -> Address:
    """Return the place that a request is about: of a list the directory that it lists."""
    if asked.operation == "ListFilesystemDir":
        return Address(asked.address.container, asked.query.get("directory", "").strip("/"))
    if asked.operation == "ListBlobs":
        return Address(asked.address.container, asked.query.get("prefix", "").strip("/"))
    return asked.address


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


def _is_within(text: str, origin: Origin | None) -> bool:
    first, _, last = text.partition("-")
    try:
        lowest, highest = ipaddress.ip_address(first), ipaddress.ip_address(last or first)
    except ValueError:
        return False
    if origin is None or origin.version != lowest.version:
        return False
    return int(lowest) <= int(origin) <= int(highest)
