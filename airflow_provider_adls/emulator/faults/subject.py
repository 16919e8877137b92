"""`Subject`: service, operation, path and principal of a request, read before its service reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

from airflow_provider_adls.emulator.arm import service as arm
from airflow_provider_adls.emulator.gen2 import mount
from airflow_provider_adls.emulator.identity import audiences
from airflow_provider_adls.emulator.identity.authority import Authority
from airflow_provider_adls.emulator.identity.tokens import TokenRejectedError, Tokens
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.webhdfs import lake, requests

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.hosts import Service, Target
    from airflow_provider_adls.emulator.identity.directory import Directory


class Subject(NamedTuple):
    """A request as rules see it; parts that its service would refuse are None, or as they came.

    :param path: path in the account for the file system, otherwise the request's own path.
    :param redirected: whether the service sends it on to where the work is done.
    :param extended: whether it came to the file system's `/webhdfsext`.
    """

    service: Service
    operation: str | None
    account: str | None
    path: str
    principal: Principal | None
    redirected: bool = False
    extended: bool = False


async def read(request: web.Request, where: Target, tokens: Tokens, directory: Directory) -> Subject:
    """Return the subject of a request.

    :param directory: knows the applications that sign in; their secrets are not checked.
    """
    match where.service:
        case "login":
            return await _login(request, directory)
        case "arm":
            operation, account = arm.operation_and_account(request)
            principal = _principal(request, tokens, audiences.ARM)
            return Subject("arm", operation, account and account.lower(), request.path, principal)
        case "lake":
            return _lake(request, where, _principal(request, tokens, audiences.LAKE))
        case "dfs" | "blob" as face:
            seen = mount.asked(request, face, where.prefix)
            principal = _principal(request, tokens, audiences.of_storage(where.account))
            return Subject(face, seen.operation, where.account, seen.shown, principal)


async def _login(request: web.Request, directory: Directory) -> Subject:
    operation = Authority.operation_of(request.path)
    principal = None
    if operation == "token":
        form = parse_qs((await request.read()).decode(errors="replace"))
        client_id = form.get("client_id", [""])[-1]
        application = directory.application(client_id)
        principal = application.principal if application else Principal("", client_id=client_id)
    return Subject("login", operation, None, request.path, principal)


def _lake(request: web.Request, where: Target, principal: Principal | None) -> Subject:
    seen = requests.glimpse(request, where.prefix)
    return Subject(
        "lake",
        seen.operation,
        where.account,
        seen.path,
        principal,
        lake.is_redirected(seen.parameters),
        seen.extended,
    )


def _principal(request: web.Request, tokens: Tokens, resources: frozenset[str]) -> Principal | None:
    try:
        return tokens.check(request.headers.get("Authorization"), resources).principal
    except TokenRejectedError:
        return None
