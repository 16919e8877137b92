"""`instances` and `openid_configuration`: the documents that clients read before they sign in.

Source: OpenID Connect Discovery 1.0, section 3, for the metadata's required members, and what adal and
msal read of these documents. Endpoints that are named because the standard or msal wants them, and that
the emulator does not serve, are those of interactive sign-in alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from airflow_provider_adls.emulator.hosts import LOGIN_HOSTS
from airflow_provider_adls.emulator.identity import errors
from airflow_provider_adls.model.clouds import CLOUDS, LOOPBACK_HOSTS

Version = Literal["1.0", "2.0"]
#: Segment of the paths of version 2.0; those of 1.0 have none.
SEGMENTS: dict[Version, str] = {"1.0": "", "2.0": "/v2.0"}
PUBLIC_HOSTS = ("login.microsoftonline.com", "login.windows.net")


def issuer(tenant: str) -> str:
    """Return the issuer of a tenant's access tokens of version 1.0, which Gen1 and Resource Manager take."""
    return f"https://sts.windows.net/{tenant}/"


def instances(query: Mapping[str, str], host: str, port: int) -> dict[str, Any]:
    """Answer instance discovery, by which adal and msal ask the public cloud about an unknown authority.

    :param host: host that the request is for.
    :param port: port that the emulator listens at.
    :raises AuthorityError: for an authority that is neither a cloud's nor the emulator.
    """
    endpoint = query.get("authorization_endpoint", "")
    try:
        asked = urlsplit(endpoint)
        asked_host, asked_port = asked.hostname or "", asked.port
    except ValueError:
        raise errors.host_unknown(endpoint=endpoint) from None
    segments = asked.path.strip("/").split("/")
    if asked_host not in LOGIN_HOSTS | LOOPBACK_HOSTS | {host} or not segments[0]:
        raise errors.host_unknown(endpoint=endpoint)
    if asked_host not in LOGIN_HOSTS:
        # Both clients leave the port out of the authority that they ask about, and msal goes by the answer.
        asked_port = asked_port or port
    name = f"[{asked_host}]" if ":" in asked_host else asked_host
    base = f"https://{name}:{asked_port}" if asked_port else f"https://{name}"
    version = SEGMENTS["2.0"] if "v2.0" in segments else SEGMENTS["1.0"]
    answer: dict[str, Any] = {
        "tenant_discovery_endpoint": f"{base}/{segments[0]}{version}/.well-known/openid-configuration",
        "api-version": query.get("api-version", "1.0"),
    }
    if answer["api-version"] == "1.1":
        answer["metadata"] = _metadata()
    return answer


def openid_configuration(base: str, tenant: str, tenant_id: str, version: Version) -> dict[str, Any]:
    """Return the OpenID provider metadata of a tenant.

    :param base: URL of the authority, as in the request.
    """
    root, segment = f"{base}/{tenant}", SEGMENTS[version]
    return {
        "token_endpoint": f"{root}/oauth2{segment}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "jwks_uri": f"{root}/discovery{segment}/keys",
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["client_credentials"],
        "issuer": f"{base}/{tenant_id}/v2.0" if version == "2.0" else issuer(tenant_id),
        "authorization_endpoint": f"{root}/oauth2{segment}/authorize",
    }


def _metadata() -> list[dict[str, Any]]:
    """Return the hosts of each cloud, among which msal shares its cache."""
    others = [urlsplit(cloud.authority).hostname or "" for cloud in CLOUDS.values()]
    groups = [PUBLIC_HOSTS, *((host,) for host in others if host not in PUBLIC_HOSTS)]
    return [
        {"preferred_network": hosts[0], "preferred_cache": hosts[-1], "aliases": list(hosts)}
        for hosts in groups
    ]
