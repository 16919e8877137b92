"""`examine`: goes through a connection step by step, and reports what answered and what is wrong."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.accounts.errors import account_names, known_account
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.advice import BY_OBJECT_ID
from airflow_provider_adls.model.errors import ADLSGen1Error, PathError, SignInError, is_same_refusal
from airflow_provider_adls.model.paths import join, parse
from airflow_provider_adls.model.redaction import redact

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

_NO_ACCOUNT = "the connection has no account_name"
_CONTENT = b"written by adls-gen1 doctor\n"


class Finding(NamedTuple):
    """What one step found.

    :param step: what was looked at.
    :param well: whether it did not fail; a step that cannot be taken has not failed.
    :param said: what answered, or what is wrong and what to do. No secret, no token.
    :param remark: what to look at though nothing failed; empty for nothing.
    """

    step: str
    well: bool
    said: str
    remark: str = ""

    def __str__(self) -> str:
        return f"{'ok    ' if self.well else 'FAILED'}  {self.step}: {self.said}"


def examine(conn_id: str, path: str = "/") -> Iterator[Finding]:
    """Yield what each step finds; steps that need one that failed are left out.

    :param conn_id: the connection's id.
    :param path: directory of the account that a file is written in, read and deleted.
    """
    hook = ADLSGen1Hook(conn_id)
    secrets: list[str] = []
    refusals: list[SignInError] = []

    def step(name: str, look: Callable[[], str], remark: Callable[[], str] = str) -> Finding:
        try:
            said = look()
        # Whatever is wrong is what was asked for: Airflow's own errors are of many classes.
        except Exception as error:  # noqa: BLE001
            if isinstance(error, SignInError):
                refusals.append(error)
                if is_same_refusal(refusals):
                    return Finding(name, well=False, said="refused as the sign-in above")
            return Finding(name, well=False, said=redact(str(error) or type(error).__name__, secrets))
        return Finding(name, well=True, said=redact(said, secrets), remark=redact(remark(), secrets))

    def fields() -> str:
        settings = hook.settings
        secrets.extend(settings.secrets)
        account = hook.named_account or "no account"
        remark = f"; {settings.remark}" if settings.remark else ""
        return f"{conn_id!r} is of cloud {settings.cloud.name}, with {account}{remark}"

    yield (known := step("connection", fields, lambda: hook.settings.remark))
    if not known.well:
        return
    yield (signed_in := step("sign-in for accounts", lambda: _sign_in(hook, "resource_manager_audience")))
    if signed_in.well:
        yield step("account", lambda: _account(hook))
    yield (signed_in := step("sign-in for files", lambda: _sign_in(hook, "datalake_audience")))
    if signed_in.well:
        yield (
            lake := step(
                "file system", lambda: _lake(hook), lambda: "" if hook.named_account else _NO_ACCOUNT
            )
        )
        if lake.well and hook.named_account:
            yield (rights := step("rights", lambda: _rights(hook.filesystem, _directory(path))))
            # Writing a file makes its directory, so a slip in the path would stay in the lake.
            if rights.well:
                yield step("round trip of a file", lambda: _round_trip(hook.filesystem, _directory(path)))


def _sign_in(hook: ADLSGen1Hook, audience: str) -> str:
    resource = getattr(hook.settings.cloud, audience)
    hook.token_source().acquire(resource)
    return f"{hook.settings.cloud.authority} gave a token for {resource}"


def _account(hook: ADLSGen1Hook) -> str:
    settings, account = hook.settings, hook.named_account
    if not settings.subscription_id:
        return "not looked for: the connection has no subscription_id, which files do not need"
    if account and settings.resource_group:
        found = known_account(hook.account_service, settings.resource_group, account)
        return f"{account} in {found.described['location']}, resource group {settings.resource_group}"
    names = account_names(hook.account_service, account)
    return f"{account} is there" if account else f"the subscription shows {len(names)}: {', '.join(names)}"


def _lake(hook: ADLSGen1Hook) -> str:
    account = hook.named_account
    if not account:
        return f"not asked: {_NO_ACCOUNT}"
    hook.filesystem.info("/")
    return f"account {account} answered at {hook.endpoint_of(account)}"


def _rights(filesystem: ADLSGen1FileSystem, path: str) -> str:
    rights = [name for name, letters in _RIGHTS if filesystem.check_access(path, letters)]
    if len(rights) < len(_RIGHTS):
        raise ADLSGen1Error(
            f"on {path} this client may {', '.join(rights) or 'do nothing'}, of"
            f" {', '.join(name for name, _ in _RIGHTS)}. What to do: give it the others on {path},"
            f" {BY_OBJECT_ID}; or name a directory of its own by --path"
        )
    return f"{', '.join(rights)} on {path}"


_RIGHTS = (("read", "r--"), ("write", "-w-"), ("execute", "--x"))


def _round_trip(filesystem: ADLSGen1FileSystem, path: str) -> str:
    name = join(path, f".adls-gen1-doctor-{uuid.uuid4().hex}")
    filesystem.pipe_file(name, _CONTENT)
    try:
        if filesystem.cat_file(name) != _CONTENT:
            raise ADLSGen1Error(f"{name} does not hold what was written to it")
    finally:
        filesystem.rm_file(name)
    return f"{len(_CONTENT)} bytes written, read and deleted in {path}"


def _directory(path: str) -> str:
    location = parse(path)
    if location.account:
        raise PathError(f"{path!r} names an account: give a path in the connection's own")
    return location.path
