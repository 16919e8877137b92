"""The connection test: both sign-ins, anew, and a question to each service; what answered, what failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.model.errors import ADLSGen1Error, is_same_refusal
from airflow_provider_adls.model.redaction import redact

if TYPE_CHECKING:
    from airflow_provider_adls.auth import AccessToken
    from airflow_provider_adls.connection.clients import ClientsMixin


class _Fresh(NamedTuple):
    """A credential that is one token, just signed in for."""

    access_token: AccessToken

    def get_token(self, *scopes: str, **kwargs: object) -> AccessToken:  # noqa: ARG002 - the SDKs' signature
        return self.access_token

    def invalidate(self, token: str) -> None:
        """Do nothing: the token cannot be replaced."""


def check_connection(hook: ClientsMixin) -> tuple[bool, str]:
    """Test the hook's connection. Tokens of earlier sign-ins are neither used nor dropped.

    :returns: whether all that could be asked answered, and a line for each part. No secret, no token.
    """
    try:
        settings = hook.settings
    except ADLSGen1Error as error:
        return False, str(error)
    accounts = _result("Resource Manager", _ask_resource_manager, hook)
    files = _result("File system", _ask_filesystem, hook)
    texts = [*_texts(accounts, files), *([f"Connection: {settings.remark}"] if settings.remark else [])]
    message = ". ".join(text.rstrip(".") for text in texts) + "."
    # The services' own words are in the message, and none of them should hold it; none gets the chance.
    return accounts.error is None and files.error is None, redact(message, settings.secrets)


class _Result(NamedTuple):
    """What one service answered, or why it did not."""

    name: str
    answer: str = ""
    error: Exception | None = None

    def __str__(self) -> str:
        return f"{self.name} failed: {self.error}" if self.error else f"{self.name}: {self.answer}"


def _result(name: str, ask: Callable[[ClientsMixin], str], hook: ClientsMixin) -> _Result:
    try:
        return _Result(name, ask(hook))
    except (ADLSGen1Error, OSError, ValueError) as error:
        return _Result(name, error=error)


def _texts(accounts: _Result, files: _Result) -> list[str]:
    # One mistake refuses both sign-ins; said twice, it fills the page and hides what to do.
    same = accounts.error and files.error and str(accounts.error) == str(files.error)
    if same or is_same_refusal([accounts.error, files.error]):
        return [f"{accounts.name} and {files.name} failed: {accounts.error}"]
    return [str(accounts), str(files)]


def _ask_resource_manager(hook: ClientsMixin) -> str:
    from airflow_provider_adls.accounts.errors import account_names, known_account

    settings = hook.settings
    token = hook.token_source().acquire(settings.cloud.resource_manager_audience)
    if not settings.subscription_id:
        who = settings.client_id or settings.auth_method
        return f"signed in as {who}; no subscription id, so no account was asked for"
    service = hook.accounts_of(_Fresh(token))
    account = hook.named_account
    if account and settings.resource_group:
        found = known_account(service, settings.resource_group, account)
        return f"signed in, account {account} in {found.described['location']} answered"
    names = account_names(service, account)
    return f"signed in, {f'account {account}' if account else f'{len(names)} accounts'} answered"


def _ask_filesystem(hook: ClientsMixin) -> str:
    from fsspec.asyn import sync

    settings = hook.settings
    token = hook.token_source().acquire(settings.cloud.datalake_audience)
    account = hook.named_account
    if not account:
        return "signed in; no account name, so no account was asked"
    filesystem = hook.new_filesystem(account, _Fresh(token))
    try:
        filesystem.info("/")
    finally:
        sync(filesystem.loop, filesystem._close)  # noqa: SLF001 - nothing of the test stays open
    return f"signed in, account {account} answered at {hook.endpoint_of(account)}"
