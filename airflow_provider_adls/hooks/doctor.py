"""`examine` and `check_connection`: ask a connection's services, and report what is wrong and what to do.

Every sign-in is made anew: tokens of earlier ones are neither used nor dropped.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.accounts.known import account_names, known_account
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.hooks.service_check import ask_files
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.model.advice import BY_OBJECT_ID, DATA_CONTRIBUTOR, DATA_READER
from airflow_provider_adls.model.errors import ADLSGen1Error, PathError, SignInError, is_same_refusal
from airflow_provider_adls.model.paths import join, parse
from airflow_provider_adls.model.redaction import redact

if TYPE_CHECKING:
    from airflow_provider_adls.auth import AccessToken
    from airflow_provider_adls.connection.clients import ClientsMixin
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

_NO_ACCOUNT = "the connection has no account_name"
_CONTENT = b"written by adls-gen1 doctor\n"
_MAX_NAMES = 20


class Finding(NamedTuple):
    """Result of one step.

    :param step: subject of the step.
    :param well: whether it did not fail; a step that cannot be taken has not failed.
    :param said: answer, or fault and advice. No secret, no token.
    :param remark: advice though nothing failed; empty for none.
    """

    step: str
    well: bool
    said: str
    remark: str = ""

    def __str__(self) -> str:
        return f"{'ok    ' if self.well else 'FAILED'}  {self.step}: {self.said}"


def examine(hook: ClientsMixin, path: str = "/") -> Iterator[Finding]:
    """Yield what each step finds; steps that need one that failed are left out.

    :param hook: of the connection, which is read at the first step.
    :param path: directory of the account that a file is written in, read and deleted.
    """
    secrets: list[str] = []
    refusals: list[SignInError] = []

    def step(name: str, look: Callable[[], str], remark: Callable[[], str] = str) -> Finding:
        try:
            said = look()
        except Exception as error:  # noqa: BLE001 - Airflow's errors are of many classes, and each is a finding
            if isinstance(error, SignInError):
                refusals.append(error)
                if is_same_refusal(refusals):
                    return Finding(name, well=False, said="refused as the sign-in above")
            return Finding(name, well=False, said=redact(str(error) or type(error).__name__, secrets))
        return Finding(name, well=True, said=redact(said, secrets), remark=redact(remark(), secrets))

    def fields() -> str:
        secrets.extend(hook.settings.secrets)
        return _fields(hook)

    yield (known := step("connection", fields, lambda: hook.settings.remark))
    if not known.well:
        return
    accounts, files = _SignIn(hook, "accounts"), _SignIn(hook, "files")
    if not hook.settings.is_for_files_alone:
        yield (signed_in := step("sign-in for accounts", accounts.sign_in))
        if signed_in.well:
            yield step("account", lambda: _ask_accounts(hook, accounts.credential))
    yield (signed_in := step("sign-in for files", files.sign_in))
    if not signed_in.well:
        return
    yield (
        lake := step(
            "file system",
            lambda: _ask_files(hook, files.credential),
            lambda: "" if hook.named_account else _NO_ACCOUNT,
        )
    )
    if not (lake.well and hook.named_account):
        return
    with closing(_Lake(hook, files.credential)) as own:
        yield (rights := step("rights", lambda: own.rights(_directory(path))))
        # Writing a file makes its directory, so a slip in the path would stay in the lake.
        if rights.well:
            yield step("round trip of a file", lambda: own.round_trip(_directory(path)))


def check_connection(hook: ClientsMixin) -> tuple[bool, str]:
    """Test the hook's connection: both sign-ins, and a question to each service.

    :returns: whether all that could be asked answered, and a line for each part. No secret, no token.
    """
    try:
        settings = hook.settings
    except ADLSGen1Error as error:
        return False, str(error)
    asked = [("File system", "files", _ask_files)]
    if not settings.is_for_files_alone:
        asked.insert(0, ("Resource Manager", "accounts", _ask_accounts))
    parts = [_Part.of(hook, *each) for each in asked]
    texts = [*_texts(parts), *([f"Connection: {settings.remark}"] if settings.remark else [])]
    message = ". ".join(text.rstrip(".") for text in texts) + "."
    # The services' own words are in the message, and none of them should hold it; none gets the chance.
    return all(part.error is None for part in parts), redact(message, settings.secrets)


class _Fresh(NamedTuple):
    """A credential that is one token, just signed in for."""

    access_token: AccessToken

    def get_token(self, *scopes: str, **kwargs: object) -> AccessToken:  # noqa: ARG002 - the SDKs' signature
        return self.access_token

    def invalidate(self, token: str) -> None:
        """Do nothing: the token cannot be replaced."""


class _SignIn:
    """A sign-in for accounts or for files, made anew.

    :param credential: its result; before it, that of the hook.
    """

    def __init__(self, hook: ClientsMixin, purpose: str) -> None:
        self._hook = hook
        self._purpose = purpose
        self.credential: Any = None

    def sign_in(self) -> str:
        """Sign in, and return who gave what.

        :raises SignInError: if the authority gives no token.
        """
        settings = self._hook.settings
        if settings.is_for_files_alone:
            return f"none is needed: {settings.auth_method} signs each request"
        cloud = settings.cloud
        accounts = self._purpose == "accounts"
        audience = cloud.resource_manager_audience if accounts else settings.files_audience
        self.credential = _Fresh(self._hook.token_source().acquire(audience))
        return f"{cloud.authority} gave a token for {audience}"


class _Part(NamedTuple):
    """The answer of one service, or the reason that there is none."""

    name: str
    answer: str = ""
    error: Exception | None = None

    @classmethod
    def of(
        cls, hook: ClientsMixin, name: str, purpose: str, ask: Callable[[ClientsMixin, Any], str]
    ) -> _Part:
        try:
            signing_in = _SignIn(hook, purpose)
            signing_in.sign_in()
            signed_in = "signed in; " if signing_in.credential else ""
            return cls(name, f"{signed_in}{ask(hook, signing_in.credential)}")
        except (ADLSGen1Error, OSError, ValueError) as error:
            return cls(name, error=error)

    def __str__(self) -> str:
        return f"{self.name} failed: {self.error}" if self.error else f"{self.name}: {self.answer}"


def _texts(parts: list[_Part]) -> list[str]:
    # One mistake refuses both sign-ins; said twice, it fills the page and hides what to do.
    errors = [part.error for part in parts]
    same = len(parts) > 1 and all(errors) and len({str(error) for error in errors}) == 1
    if same or (len(parts) > 1 and is_same_refusal(errors)):
        return [f"{' and '.join(part.name for part in parts)} failed: {errors[0]}"]
    return [str(part) for part in parts]


def _fields(hook: ClientsMixin) -> str:
    settings = hook.settings
    account = hook.named_account or "no account"
    service = f"container {settings.container} (Gen2)" if settings.container else "Gen1"
    remark = f"; {settings.remark}" if settings.remark else ""
    return f"{settings.conn_id!r} is of cloud {settings.cloud.name}, {service}, with {account}{remark}"


def _ask_accounts(hook: ClientsMixin, credential: Any) -> str:
    settings, account = hook.settings, hook.named_account
    if not settings.subscription_id:
        return "the connection has no subscription_id, which files do not need, so no account was looked for"
    service = hook.accounts_of(credential)
    if account and settings.resource_group:
        found = known_account(service, settings.resource_group, account)
        service.refuse_existing(found)
        return (
            f"account {account} in {found.described['location']}, resource group {settings.resource_group},"
            " answered"
        )
    names = account_names(service, account)
    if account:
        return f"account {account} is in the subscription"
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return f"accounts that answered: {', '.join(names[:_MAX_NAMES]) or 'none'}{more}"


def _ask_files(hook: ClientsMixin, credential: Any) -> str:
    account = hook.named_account
    if not account:
        return f"{_NO_ACCOUNT}, so no account was asked"
    if hook.settings.is_for_a_directory:
        return "the container was not asked, since the signature is for a directory in it"
    with closing(_Lake(hook, credential)) as lake:
        return ask_files(lake.filesystem.client, hook.settings.container)


class _Lake:
    """The files of a connection, by a client of its own.

    :param credential: signs its requests.
    """

    def __init__(self, hook: ClientsMixin, credential: Any) -> None:
        self.filesystem: ADLSGen1FileSystem = hook.new_filesystem(hook.account_name, credential)
        self._is_gen2 = bool(hook.settings.container)

    def close(self) -> None:
        """Close the client, so that nothing of the examination stays open."""
        from fsspec.asyn import sync

        sync(self.filesystem.loop, self.filesystem._close)  # noqa: SLF001 - as above

    def rights(self, path: str) -> str:
        """Return the rights on a directory.

        :raises ADLSGen1Error: naming those that are missing, and the role or entry that gives them.
        """
        rights = [name for name, letters in _RIGHTS if self.filesystem.check_access(path, letters)]
        if len(rights) == len(_RIGHTS):
            return f"{', '.join(rights)} on {path}"
        role = DATA_CONTRIBUTOR if "read" in rights else f"{DATA_READER} to read, {DATA_CONTRIBUTOR} to write"
        by_role = f"assign the role {role}, or " if self._is_gen2 else ""
        raise ADLSGen1Error(
            f"on {path} this client may {', '.join(rights) or 'do nothing'}, of"
            f" {', '.join(name for name, _ in _RIGHTS)}. What to do: {by_role}give it the others on {path},"
            f" {BY_OBJECT_ID}; or name a directory of its own by --path"
        )

    def round_trip(self, path: str) -> str:
        """Write a file, read it and delete it."""
        name = join(path, f".adls-gen1-doctor-{uuid.uuid4().hex}")
        self.filesystem.pipe_file(name, _CONTENT)
        try:
            if self.filesystem.cat_file(name) != _CONTENT:
                raise ADLSGen1Error(f"{name} does not hold what was written to it")
        finally:
            run(with_hints(self.filesystem.client, self.filesystem.client.delete(name)))
        return f"{len(_CONTENT)} bytes written, read and deleted in {path}"


_RIGHTS = (("read", "r--"), ("write", "-w-"), ("execute", "--x"))


def _directory(path: str) -> str:
    location = parse(path)
    if location.account:
        raise PathError(f"{path!r} names an account: give a path in the connection's own")
    return location.path
