"""`Authority`: the token endpoints of both versions, and the documents that lead to them."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from aiohttp import web

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.hosts import hostname
from airflow_provider_adls.emulator.identity import assertions, audiences, errors
from airflow_provider_adls.emulator.identity.discovery import (
    SEGMENTS,
    Version,
    instances,
    issuer,
    openid_configuration,
)
from airflow_provider_adls.emulator.identity.errors import AuthorityError
from airflow_provider_adls.emulator.identity.tokens import LIFETIME, Tokens
from airflow_provider_adls.emulator.record import note

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.identity.directory import Application, Directory

_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([a-z0-9-]+\.)+[a-z0-9-]+", re.IGNORECASE)
#: Words of the authority's path that stand for any tenant.
_ANY_TENANT = frozenset({"common", "organizations", "consumers"})
_DISCOVERY = "/common/discovery/instance"
#: Path of each document, and of the token endpoint; a version stands in those of 2.0 alone.
_PATHS = {
    operation: re.compile(rf"/(?P<tenant>[^/]+){path}", re.IGNORECASE)
    for operation, path in {
        "token": r"/oauth2(?P<version>/v2\.0)?/token/?",
        "openid-configuration": r"(?P<version>/v2\.0)?/\.well-known/openid-configuration",
        "keys": r"/discovery(?P<version>/v2\.0)?/keys",
    }.items()
}
#: Recorded names of requests.
OPERATIONS = ("discovery", *_PATHS)
_DEFAULT_SCOPE = "/.default"


class _Target(NamedTuple):
    """The operation, tenant and version of a path."""

    operation: str
    tenant: str = "common"
    version: Version = "1.0"


@dataclass(frozen=True)
class Authority:
    """`login.microsoftonline.com` for one tenant."""

    directory: Directory
    tokens: Tokens
    clock: Clock

    @classmethod
    def serves(cls, path: str) -> bool:
        """Return whether a path belongs to the authority, for requests to a host of no service."""
        return cls.operation_of(path) is not None

    @staticmethod
    def operation_of(path: str) -> str | None:
        """Return the operation of a path; None if the authority does not serve it."""
        target = _target(path)
        return target and target.operation

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request to the authority."""
        target = _target(request.path)
        if target is None:
            return web.Response(status=404)
        note(operation=target.operation)
        try:
            if target.operation == "token":
                return _answer(request, 200, self._token(target, request, await _form(request)))
            return _answer(request, 200, self._document(target, request))
        except AuthorityError as error:
            return self.refusal(request, error)

    def refusal(self, request: web.Request, error: AuthorityError) -> web.Response:
        """Return the answer that refuses a request."""
        now = dt.datetime.fromtimestamp(self.clock.now(), dt.UTC)
        body = error.body(
            trace_id=str(uuid.uuid4()),
            correlation_id=request.headers.get("client-request-id") or str(uuid.uuid4()),
            timestamp=f"{now:%Y-%m-%d %H:%M:%S}Z",
        )
        return _answer(request, error.status, body)

    def _document(self, target: _Target, request: web.Request) -> dict[str, Any]:
        if target.operation == "discovery":
            # A lost connection has no address any more, and its client reads no answer.
            address = request.get_extra_info("sockname") or ("", 0)
            return instances(request.query, hostname(request.host), address[1])
        if target.tenant.lower() not in _ANY_TENANT:
            self._check_tenant(target.tenant)
        if target.operation == "keys":
            return {"keys": [self.tokens.public_jwk()]}
        base = f"https://{request.host}"
        return openid_configuration(base, target.tenant, self.directory.tenant_id, target.version)

    def _token(self, target: _Target, request: web.Request, form: Mapping[str, str]) -> dict[str, Any]:
        grant = _parameter(form, "grant_type")
        self._check_tenant(target.tenant)
        client_id = _parameter(form, "client_id")
        if grant != "client_credentials":
            raise errors.grant_unsupported(grant=grant)
        application = self._authenticate(client_id, form, request)
        scoped = target.version == "2.0"
        resource = _scoped(form) if scoped else _parameter(form, "resource")
        if not audiences.is_known(resource):
            raise errors.resource_unknown(resource=resource, tenant=self.directory.tenant_id)
        return self._issued(target, application, resource)

    def _issued(self, target: _Target, application: Application, resource: str) -> dict[str, Any]:
        note(principal=application.principal)
        issued = self.tokens.issue(application, resource)
        if target.version == "2.0":
            return {
                "token_type": "Bearer",
                "expires_in": LIFETIME,
                "ext_expires_in": LIFETIME,
                "access_token": issued["access_token"],
            }
        # Numbers as strings of digits: the v1 endpoint's way.
        return {
            "token_type": "Bearer",
            "expires_in": str(LIFETIME),
            "ext_expires_in": str(LIFETIME),
            "expires_on": str(issued["exp"]),
            "not_before": str(issued["nbf"]),
            "resource": resource,
            "access_token": issued["access_token"],
        }

    def _check_tenant(self, tenant: str) -> None:
        if tenant.lower() in _ANY_TENANT:
            raise errors.tenant_missing()
        if not _TENANT.fullmatch(tenant):
            raise errors.tenant_malformed(tenant=tenant)
        if tenant.lower() not in (self.directory.tenant_id, well_known.DOMAIN):
            raise errors.tenant_unknown(tenant=tenant)

    def _authenticate(self, client_id: str, form: Mapping[str, str], request: web.Request) -> Application:
        application = self.directory.application(client_id)
        if application is None:
            raise errors.client_unknown(client_id=client_id, tenant=self.directory.tenant_id)
        secret, assertion = form.get("client_secret"), form.get("client_assertion")
        if secret:
            self._check_secret(application, secret)
        elif assertion:
            if _parameter(form, "client_assertion_type") != assertions.TYPE:
                raise errors.assertion_malformed()
            assertions.check(assertion, application, self._names(request), self.clock)
        else:
            raise errors.secret_missing()
        return application

    def _check_secret(self, application: Application, secret: str) -> None:
        if not application.accepts(secret):
            raise errors.secret_wrong(client_id=application.client_id)
        ends = application.secret_expires_on
        if ends is not None and self.clock.now() >= ends:
            raise errors.secret_expired(client_id=application.client_id)

    def _names(self, request: web.Request) -> list[str]:
        """Return the audiences that an assertion may name: the token endpoints, and the issuers."""
        tenant = self.directory.tenant_id
        base = f"https://{request.host}/{tenant}"
        endpoints = [f"{base}/oauth2{segment}/token" for segment in SEGMENTS.values()]
        return [*endpoints, f"{base}/v2.0", base, issuer(tenant)]


def _parameter(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise errors.parameter_missing(name=name)
    return form[name]


def _scoped(form: Mapping[str, str]) -> str:
    """Return the resource of a `/.default` scope."""
    scopes = form.get("scope", "").split()
    if not scopes:
        raise errors.scope_missing()
    if not all(scope.endswith(_DEFAULT_SCOPE) for scope in scopes):
        raise errors.scope_invalid(scope=form["scope"])
    if len(scopes) > 1:
        raise errors.scopes_several(scope=form["scope"])
    return scopes[0].removesuffix(_DEFAULT_SCOPE)


def _target(path: str) -> _Target | None:
    if path == _DISCOVERY:
        return _Target("discovery")
    for operation, pattern in _PATHS.items():
        if match := pattern.fullmatch(path):
            return _Target(operation, match["tenant"], "2.0" if match["version"] else "1.0")
    return None


async def _form(request: web.Request) -> dict[str, str]:
    if request.method != "POST":
        raise errors.post_only(method=request.method)
    # Of any charset and type: content that is not a form lacks its parameters.
    return dict(parse_qsl((await request.read()).decode(errors="replace"), keep_blank_values=True))


def _answer(request: web.Request, status: int, body: dict[str, Any]) -> web.Response:
    headers = {
        "Cache-Control": "no-store, no-cache",
        "Pragma": "no-cache",
        "Expires": "-1",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "x-ms-request-id": body.get("trace_id") or str(uuid.uuid4()),
    }
    if request.headers.get("return-client-request-id", "").lower() == "true":
        headers["client-request-id"] = request.headers.get("client-request-id", "")
    return web.Response(
        status=status,
        body=json.dumps(body, separators=(",", ":")).encode(),
        content_type="application/json",
        charset="utf-8",
        headers=headers,
    )
