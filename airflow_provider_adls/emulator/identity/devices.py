"""Device codes: how a person signs in to a program that has no browser, and stays signed in.

There is no person here and no page to open: a code is as good as approved when it is given out, and whoever
has it is the emulator's own principal. Source: RFC 8628, and what adal (version 1.0) and msal (2.0) send and
read; that what is given out is signed, and so outlives a restart, is our own way.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.identity import errors

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.identity.directory import Application, Directory
    from airflow_provider_adls.emulator.identity.discovery import Version
    from airflow_provider_adls.emulator.identity.tokens import Tokens

#: Names of the grant: of 1.0, and of 2.0 (RFC 8628, section 3.4).
GRANTS = frozenset({"device_code", "urn:ietf:params:oauth:grant-type:device_code"})
REFRESH = "refresh_token"
#: Microsoft's own programs, which are in every tenant: Azure CLI, whose id the Data Lake SDK borrows, and
#: Azure PowerShell.
PUBLIC_CLIENTS = frozenset({"04b07795-8ddb-461a-bbee-02f9e1bf7b46", "1950a258-227b-4e31-a9cf-717495945fc2"})
#: Scopes that are no resource's (OpenID Connect Core 1.0, sections 5.4 and 11).
OPEN_ID = frozenset({"openid", "profile", "email", "offline_access"})
_PAGE = "https://microsoft.com/devicelogin"
#: Seconds that a code is good, and between two looks at whether it was approved.
_LIFETIME, _INTERVAL = 900, 5
#: Seconds that whoever has signed in stays signed in.
_SIGNED_IN = 90 * 24 * 3600
_USER_CODE = "BCDFGHJKLMNPQRSTVWXZ"


class Devices:
    """Gives codes out, and takes them back.

    :param directory: the tenant.
    :param tokens: what signs.
    :param clock: what tells whether a code has ended.
    """

    def __init__(self, directory: Directory, tokens: Tokens, clock: Clock) -> None:
        self._directory = directory
        self._tokens = tokens
        self._clock = clock

    def begin(self, client_id: str, resource: str, version: Version) -> dict[str, Any]:
        """A code for a program, with what it is to tell its user."""
        self._check_client(client_id)
        code = "".join(secrets.choice(_USER_CODE) for _ in range(9))
        numbers: dict[str, Any] = {"expires_in": _LIFETIME, "interval": _INTERVAL}
        if version == "1.0":
            numbers = {name: str(number) for name, number in numbers.items()}
        return {
            "user_code": code,
            "device_code": self._grant("device_code", client_id, _LIFETIME, resource=resource),
            "verification_url" if version == "1.0" else "verification_uri": _PAGE,
            **numbers,
            "message": f"There is no page to open: the emulator has approved the code {code}.",
        }

    def redeem(self, code: str, client_id: str) -> str:
        """The resource that a code was given out for.

        :raises AuthorityError: if it was not, or not to this program, or too long ago.
        """
        self._check_client(client_id)
        claims = self._tokens.read(code, "device_code")
        if claims is None or claims["client"] != client_id.lower():
            raise errors.device_code_unknown()
        if self._clock.now() >= claims["exp"]:
            raise errors.device_code_expired()
        return str(claims["resource"])

    def renew(self, refresh_token: str, client_id: str) -> None:
        """Check that a program's user is still signed in.

        :raises AuthorityError: if he is not, or was not to this program.
        """
        self._check_client(client_id)
        claims = self._tokens.read(refresh_token, REFRESH)
        if claims is None or claims["client"] != client_id.lower():
            raise errors.refresh_token_unknown()
        if self._clock.now() >= claims["exp"]:
            raise errors.refresh_token_expired()

    def user(self) -> Application:
        """Whose tokens are issued for a code."""
        application = self._directory.application(well_known.CLIENT_ID)
        assert application is not None
        return application

    def signed_in(self, client_id: str, version: Version, host: str, *, client_info: bool) -> dict[str, str]:
        """What stands in an answer beside the access token: what renews it, and who signed in.

        :param client_info: whether the program asked for the ids by which msal tells users apart.
        """
        now, tenant = int(self._clock.now()), self._directory.tenant_id
        oid = self.user().principal.object_id
        claims = {
            "aud": client_id,
            "iss": f"https://{host}/{tenant}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "oid": oid,
            "sub": oid,
            "tid": tenant,
            "ver": version,
            "preferred_username" if version == "2.0" else "upn": f"emulator@{well_known.DOMAIN}",
        }
        known = json.dumps({"uid": oid, "utid": tenant}).encode()
        return {
            "refresh_token": self._grant(REFRESH, client_id, _SIGNED_IN),
            "id_token": self._tokens.sign(claims),
            **({"client_info": base64.urlsafe_b64encode(known).decode()} if client_info else {}),
        }

    def _grant(self, purpose: str, client_id: str, lifetime: int, **claims: str) -> str:
        ends = int(self._clock.now()) + lifetime
        return self._tokens.sign({"aud": purpose, "client": client_id.lower(), "exp": ends, **claims})

    def _check_client(self, client_id: str) -> None:
        if client_id.lower() not in PUBLIC_CLIENTS and self._directory.application(client_id) is None:
            raise errors.client_unknown(client_id, self._directory.tenant_id)
