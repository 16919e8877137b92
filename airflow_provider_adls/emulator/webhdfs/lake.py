"""`Lake`: the file systems of all accounts, and the requests to them."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.answer import Answer
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.record import note
from airflow_provider_adls.emulator.rules import access, expiry, trash
from airflow_provider_adls.emulator.rules.calls import Call
from airflow_provider_adls.emulator.rules.refusals import Failed, Invalid, Refusal
from airflow_provider_adls.emulator.store import ACCOUNTS, Node, Reader, Store, StoreError
from airflow_provider_adls.emulator.webhdfs import requests
from airflow_provider_adls.emulator.webhdfs.answers import Answers
from airflow_provider_adls.emulator.webhdfs.handlers import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.emulator.clock import Clock

logger = logging.getLogger(__name__)

#: Without this parameter the service sends the client to the same URL with it (docs; filesystem.json).
REDIRECTED = {"OPEN": "read", "CREATE": "write", "APPEND": "append"}
_SLASHES = re.compile("//+")


def is_redirected(parameters: Mapping[str, str]) -> bool:
    """Return whether a request with these parameters is redirected to the URL that does the work.

    :param parameters: values by name in lower case.
    """
    flag = REDIRECTED.get(parameters.get("op", "").upper())
    return flag is not None and flag not in parameters


class NoAccount(Refusal):
    """A missing account. In the cloud its host name does not resolve, so no answer is known.

    Clients take a 404 for a missing file; this status means that the host is not served here.
    """

    status = 421


class Lake:
    """The file systems of all accounts.

    :param store: holds them; its opener closes it.
    :param clock: their time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def create_account(self, name: str, owner: str) -> None:
        """Make an account with an empty root.

        :param owner: object id of its maker, who owns the root; its group is the same (docs).
        :raises ValueError: if the name is taken.
        """
        with self._store.transaction():
            if self._store.child(ACCOUNTS, name) is not None:
                raise ValueError(f"account {name} exists already")
            self._make_root(name, owner)

    def delete_account(self, name: str) -> None:
        """Remove an account with all that it holds, if it exists."""
        with self._store.transaction():
            root = self._store.child(ACCOUNTS, name)
            if root is not None:
                trash.empty(self._store, root)
                self._store.remove(root)

    def empty_account(self, name: str) -> None:
        """Remove all that an account holds, deleted items too; its root, as a new one's, keeps its owner."""
        with self._store.transaction():
            root = self._store.child(ACCOUNTS, name)
            if root is not None:
                trash.empty(self._store, root)
                self._store.remove(root)
                self._make_root(name, root.owner)

    def has_account(self, name: str) -> bool:
        """Return whether the account exists."""
        return self._store.child(ACCOUNTS, name) is not None

    def accounts(self) -> list[str]:
        """Return the short names of all accounts, in order."""
        return [root.name for root in self._store.children(ACCOUNTS)]

    def browse(self, account: str, path: str, *, after: str, limit: int) -> list[Node]:
        """Return the entries of a directory by name, as a super user sees them, without a request.

        :param after: name that they come after.
        :param limit: how many at most.
        :raises NoAccount: for a missing account.
        :raises Missing: for a missing path.
        :raises Invalid: for a malformed path, or a file.
        """
        if not self.has_account(account):
            raise NoAccount(f"The account {account} does not exist")
        call = Call(self._store, account, Principal(object_id=""), self._clock.now_ms())
        expiry.purge(call)
        node = call.get(requests.checked(path))
        if not node.directory:
            raise Invalid(f"{path} is a file, not a directory")
        return self._store.children(node.id, after=after, limit=limit)

    async def handle(
        self, request: web.Request, account: str, path: str, principal: Principal
    ) -> web.StreamResponse:
        """Answer a request to an account, and complete its record.

        :param account: short name of the account.
        :param path: `requests.decoded_path(request)`, from `/webhdfs/v1` or `/webhdfsext` on.
        :param principal: the caller, checked.
        """
        answers = Answers(self._clock, extended=requests.is_extended(path))
        query = request.raw_path.partition("?")[2]
        operation = ""
        note(path=path)
        try:
            parameters = requests.parameters(query)
            operation = parameters.get("op", "").upper()
            note(operation=operation or None)
            if not self.has_account(account):
                raise NoAccount(f"The account {account} does not exist")
            parsed = requests.parse(request.method, path, parameters)
            note(path=parsed.path)
            flag = REDIRECTED.get(operation)
            if flag and not parsed.flag(flag):
                if flag in parsed.parameters:
                    raise Invalid(f"{flag} must be true")
                return answers.empty(307, {hdrs.LOCATION: f"{_location(request)}&{flag}=true"})
            answer = await self._received(request, parsed, account, principal, answers)
        except requests.NoUrl:
            return answers.no_url()
        except Refusal as refusal:
            return answers.refusal(refusal, operation)
        compressed = requests.asks_for_gzip(request)
        if not isinstance(answer, Answer):
            return await answers.stream(request, answer, compressed=compressed)
        if operation == "CREATE":
            answer.headers[hdrs.LOCATION] = _location(request)
        if compressed and answer.body:
            answer.enable_compression(web.ContentCoding.gzip)
        return answer

    def _make_root(self, name: str, owner: str) -> None:
        self._store.insert(
            Node.made(
                ACCOUNTS,
                name,
                self._clock.now_ms(),
                directory=True,
                permission=access.DEFAULT_PERMISSION & ~access.UMASK,
                owner=owner,
                group=owner,
            )
        )

    async def _received(
        self,
        request: web.Request,
        parsed: requests.Request,
        account: str,
        principal: Principal,
        answers: Answers,
    ) -> Answer | Reader:
        try:
            parsed = await requests.with_body(request, parsed, self._store.upload)
            return self._perform(parsed, account, principal, answers)
        except StoreError as error:
            logger.exception("%s %s failed", parsed.operation.name, parsed.path)
            raise Failed(str(error)) from error
        finally:
            if parsed.upload is not None:
                parsed.upload.close()

    def _perform(
        self, parsed: requests.Request, account: str, principal: Principal, answers: Answers
    ) -> Answer | Reader:
        call = Call(self._store, account, principal, self._clock.now_ms())
        expiry.purge(call)
        with self._store.transaction():
            return HANDLERS[parsed.operation.name](call, parsed, answers)


def _location(request: web.Request) -> str:
    # The request's own URL, in its own style; of more than one slash one is left (recorded).
    path, _, query = request.raw_path.partition("?")
    return f"{request.scheme}://{request.host}{_SLASHES.sub('/', path)}?{query}"
