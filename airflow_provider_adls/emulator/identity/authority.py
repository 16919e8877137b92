"""The authority's web face: v1 token endpoint and instance discovery."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from airflow_provider_adls.emulator.hosts import LOGIN_HOSTS, hostname
from airflow_provider_adls.emulator.identity import audiences, errors
from airflow_provider_adls.emulator.identity.errors import AuthorityError
from airflow_provider_adls.emulator.identity.tokens import LIFETIME, Tokens
from airflow_provider_adls.emulator.record import note

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.identity.directory import Application, Directory

_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([a-z0-9-]+\.)+[a-z0-9-]+", re.IGNORECASE)
#: Words of the authority's path that stand for any tenant.
_ANY_TENANT = frozenset({"common", "organizations", "consumers"})
DISCOVERY = "/common/discovery/instance"
_TOKEN = re.compile(r"/(?P<tenant>[^/]+)/oauth2/token/?", re.IGNORECASE)


class Authority:
    """`login.microsoftonline.com` for one tenant.

    :param directory: the tenant's applications.
    :param tokens: what issues tokens.
    :param clock: what tells whether a secret has ended.
    """

    def __init__(self, directory: Directory, tokens: Tokens, clock: Clock) -> None:
        self._directory = directory
        self._tokens = tokens
        self._clock = clock

    @staticmethod
    def serves(path: str) -> bool:
        """Whether a path is one of the authority's, for requests whose host does not say so."""
        return path == DISCOVERY or _TOKEN.fullmatch(path) is not None

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request to the authority."""
        try:
            if request.path == DISCOVERY:
                note(operation="discovery")
                return _answer(request, 200, _discover(request.query, request.host))
            if match := _TOKEN.fullmatch(request.path):
                note(operation="token")
                if request.method != "POST":
                    raise errors.post_only(request.method)
                form = {
                    name: value for name, value in (await request.post()).items() if isinstance(value, str)
                }
                return _answer(request, 200, self._token(match["tenant"], form))
        except AuthorityError as error:
            return self._refusal(request, error)
        return web.Response(status=404)

    def _token(self, tenant: str, form: Mapping[str, str]) -> dict[str, Any]:
        self._check_tenant(tenant)
        grant = _parameter(form, "grant_type")
        client_id = _parameter(form, "client_id")
        if grant != "client_credentials":
            raise errors.grant_unsupported(grant)
        application = self._authenticate(client_id, form)
        resource = _parameter(form, "resource")
        if audiences.plain(resource) not in audiences.ARM | audiences.LAKE:
            raise errors.resource_unknown(resource, self._directory.tenant_id)
        note(principal=application.principal)
        issued = self._tokens.issue(application, resource)
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
            raise errors.tenant_malformed(tenant)
        if tenant.lower() != self._directory.tenant_id:
            raise errors.tenant_unknown(tenant)

    def _authenticate(self, client_id: str, form: Mapping[str, str]) -> Application:
        application = self._directory.application(client_id)
        if application is None:
            raise errors.client_unknown(client_id, self._directory.tenant_id)
        secret = form.get("client_secret")
        if not secret:
            raise errors.assertion_unknown() if form.get("client_assertion") else errors.secret_missing()
        if not application.accepts(secret):
            raise errors.secret_wrong(application.client_id)
        ends = application.secret_expires_on
        if ends is not None and self._clock.now() >= ends:
            raise errors.secret_expired(application.client_id)
        return application

    def _refusal(self, request: web.Request, error: AuthorityError) -> web.Response:
        now = dt.datetime.fromtimestamp(self._clock.now(), dt.UTC)
        body = error.body(
            trace_id=str(uuid.uuid4()),
            correlation_id=request.headers.get("client-request-id") or str(uuid.uuid4()),
            timestamp=f"{now:%Y-%m-%d %H:%M:%S}Z",
        )
        return _answer(request, error.status, body)


def _parameter(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise errors.parameter_missing(name)
    return form[name]


def _discover(query: Mapping[str, str], host: str) -> dict[str, Any]:
    """Instance discovery: adal asks it of the public cloud about an authority that it does not know."""
    endpoint = query.get("authorization_endpoint", "")
    parts = urlsplit(endpoint)
    # adal leaves the port out of the authority that it asks about, so the host alone is compared.
    known = LOGIN_HOSTS | {hostname(host), "127.0.0.1", "localhost", "::1"}
    tenant = parts.path.strip("/").split("/")[0]
    if parts.hostname not in known or not tenant:
        raise errors.host_unknown(endpoint)
    return {
        "tenant_discovery_endpoint": f"https://{parts.netloc}/{tenant}/.well-known/openid-configuration",
        "api-version": "1.0",
    }


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
