"""`ResourceManager`: turns requests into calls, and answers and errors into responses."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from aiohttp import web

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.arm import errors, metadata
from airflow_provider_adls.emulator.arm.calls import Answer, Call
from airflow_provider_adls.emulator.arm.denials import denial
from airflow_provider_adls.emulator.arm.errors import PROVIDER, ArmError
from airflow_provider_adls.emulator.arm.routes import ROUTES
from airflow_provider_adls.emulator.arm.storage.errors import PROVIDER as STORAGE_PROVIDER
from airflow_provider_adls.emulator.identity import audiences
from airflow_provider_adls.emulator.identity.tokens import TokenRejectedError, Tokens
from airflow_provider_adls.emulator.record import note

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.accounts import Accounts
    from airflow_provider_adls.emulator.arm.groups import Groups
    from airflow_provider_adls.emulator.arm.route import Route
    from airflow_provider_adls.emulator.gen2.accounts import StorageAccounts

_SUBSCRIPTION = re.compile(r"/subscriptions/(?P<subscription>[^/]+)(?:/.*)?", re.IGNORECASE)
_PROVIDER = re.compile(r".*/providers/(?P<namespace>[^/]+)(?:/(?P<type>[^/]+).*)?", re.IGNORECASE)
_VERSION = re.compile(r"\d{4}-\d\d-\d\d(-[a-z]+)?", re.IGNORECASE | re.ASCII)
#: Resource providers that have types of their own here.
_NAMESPACES = (PROVIDER, STORAGE_PROVIDER)
#: Characters of operations' own paths, and of most names.
_SAFE = "-._~()@!$&'*+,;=:"
#: First segments of Resource Manager's paths.
ROOTS = frozenset({"subscriptions", "providers", "tenants", "metadata"})
#: Recorded names of requests, and whether such a request names an account.
OPERATIONS = {"metadata": False, **{route.operation: "{name}" in route.template for route in ROUTES}}


@dataclass(frozen=True)
class ResourceManager:
    """`management.azure.com` for one subscription."""

    accounts: Accounts
    groups: Groups
    storage: StorageAccounts
    tokens: Tokens
    tenant: str

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request to Resource Manager."""
        try:
            return _response(await self._answer(request))
        except ArmError as error:
            return self.refusal(error)

    @staticmethod
    def refusal(error: ArmError) -> web.Response:
        """Return the answer that refuses a request."""
        return _response(Answer(error.status, error.body(), error.headers))

    async def _answer(self, request: web.Request) -> Answer:
        if _is_metadata(request):
            note(operation="metadata")
            return Answer(200, metadata.endpoints(request.host))
        authorization = request.headers.get("Authorization")
        try:
            caller = self.tokens.check(authorization, audiences.ARM)
        except TokenRejectedError as error:
            raise denial(error, self.tenant) from None
        note(principal=caller.principal)
        path = _path(request)
        route, parameters = _route(request.method, path)
        note(operation=route.operation, account=parameters.get("name"))
        version, query = _query(request, route)
        if route.action and not caller.principal.super_user:
            raise errors.forbidden(
                object_id=caller.principal.object_id, action=route.action, scope=request.path
            )
        body = await _body(request)
        if route.within_group:
            # As it was spelt when the group was made.
            parameters["group"] = self.groups.get(parameters["group"]).name
        call = Call(
            accounts=self.accounts,
            groups=self.groups,
            storage=self.storage,
            parameters=parameters,
            query=query,
            version=version,
            body=body,
            principal=caller.principal,
            tenant=self.tenant,
            base=f"https://{request.host}",
            path=path,
        )
        return route.handler(call)


def operation_and_account(request: web.Request) -> tuple[str | None, str | None]:
    """Return the operation of a request and the account that it names, each or None."""
    if _is_metadata(request):
        return "metadata", None
    try:
        route, parameters = _route(request.method, _path(request))
    except ArmError:
        return None, None
    return route.operation, parameters.get("name")


def _is_metadata(request: web.Request) -> bool:
    return request.method == "GET" and request.path.rstrip("/").lower() == metadata.PATH


def _path(request: web.Request) -> str:
    """Return the request's path, percent-encoded in one way, without empty segments (clients send some)."""
    # Segment by segment: an encoded slash is part of a name, and divides nothing.
    segments = [unquote(segment) for segment in request.rel_url.raw_path.split("/") if segment]
    return "".join(f"/{quote(segment, safe=_SAFE)}" for segment in segments)


def _route(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the route of a request, and its path's parameters."""
    if subscription := _SUBSCRIPTION.fullmatch(path):
        _check_subscription(unquote(subscription["subscription"]))
    matches = [(route, match) for route in ROUTES if (match := route.pattern.fullmatch(path))]
    for route, match in matches:
        if route.method == method:
            parameters = {name: unquote(value) for name, value in match.groupdict().items()}
            return route, parameters | ({"subscription": well_known.SUBSCRIPTION_ID} if subscription else {})
    if matches:
        raise errors.method_unsupported(method=method)
    if subscription is None:
        raise errors.subscription_missing()
    provider = _PROVIDER.fullmatch(path)
    if provider is None:
        raise errors.namespace_unknown(namespace="Microsoft.Resources")
    known = next((name for name in _NAMESPACES if name.lower() == provider["namespace"].lower()), None)
    if known is None:
        raise errors.namespace_unknown(namespace=provider["namespace"])
    raise errors.type_unknown(type=path.partition(provider["namespace"])[2].strip("/"), namespace=known)


def _check_subscription(subscription: str) -> None:
    try:
        uuid.UUID(subscription)
    except ValueError:
        raise errors.subscription_malformed(subscription=subscription) from None
    if subscription.lower() != well_known.SUBSCRIPTION_ID:
        raise errors.subscription_unknown(subscription=subscription)


def _query(request: web.Request, route: Route) -> tuple[str, dict[str, str]]:
    """Return the requested version, and the other parameters of the query."""
    query = {name.lower(): value for name, value in request.query.items()}
    version = query.pop("api-version", None)
    if not version:
        raise errors.api_version_missing()
    if route.versions is None:
        if not _VERSION.fullmatch(version):
            raise errors.api_version_invalid(version=version)
    elif version.lower() not in route.versions:
        raise errors.api_version_unsupported(version=version)
    for name in query:
        if name not in route.query:
            raise errors.parameter_unsupported(name=name)
    return version, query


async def _body(request: web.Request) -> Any:
    content = await request.read()
    if not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise errors.content_invalid(f"The body is not JSON: {error}") from None


def _response(answer: Answer) -> web.Response:
    request_id = str(uuid.uuid4())
    headers = {
        "Cache-Control": "no-cache",
        "Pragma": "no-cache",
        "Expires": "-1",
        "x-ms-request-id": request_id,
        "x-ms-correlation-request-id": request_id,
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        **answer.headers,
    }
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    content = json.dumps(answer.body, separators=(",", ":")).encode()
    return web.Response(status=answer.status, body=content, content_type="application/json", headers=headers)
