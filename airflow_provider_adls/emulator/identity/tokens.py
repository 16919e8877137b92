"""`Tokens`: access tokens, signed when issued and checked on every call."""

from __future__ import annotations

import base64
import hashlib
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

if TYPE_CHECKING:
    from jwt.types import Options

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.identity.directory import Application, Directory
    from airflow_provider_adls.emulator.principal import Principal

from airflow_provider_adls.emulator.files import pem, private_folder, write_private
from airflow_provider_adls.emulator.identity.audiences import plain
from airflow_provider_adls.emulator.identity.discovery import issuer

#: Seconds that a v1 token of client credentials lives, and how early it begins.
LIFETIME = 3599
BACKDATED = 300
#: Verified tokens that are remembered; a check of one of them costs no cryptography.
REMEMBERED = 4096

Flaw = Literal["missing", "malformed", "signature", "tenant", "audience", "expired", "early", "principal"]


class TokenRejectedError(Exception):
    """A token that a service rejects.

    :param claims: its claims, if they could be read.
    """

    def __init__(self, flaw: Flaw, claims: dict[str, Any] | None = None) -> None:
        super().__init__(flaw)
        self.flaw: Flaw = flaw
        self.claims = claims or {}


class Caller(NamedTuple):
    """The holder of a checked token."""

    client_id: str
    principal: Principal


def signing_key(folder: Path) -> rsa.RSAPrivateKey:
    """Return the key that signs a data folder's tokens; it is kept, so that they outlive a restart."""
    path = private_folder(folder / "private") / "token-key.pem"
    key = pem(path, lambda content: serialization.load_pem_private_key(content, password=None))
    if key is not None:
        assert isinstance(key, rsa.RSAPrivateKey)
        return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    write_private(
        path,
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    return key


class Tokens:
    """Issues and checks the tenant's access tokens.

    :param key: private key that signs them (RS256).
    :param clock: time at which they begin and end.
    """

    def __init__(self, key: rsa.RSAPrivateKey, directory: Directory, clock: Clock) -> None:
        self._key = key
        self._public_key = key.public_key()
        self._directory = directory
        self._clock = clock
        self._verified: dict[str, dict[str, Any]] = {}
        self._ended: dict[str, dict[str, Any]] = {}
        public = self._public_key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        # The real service's `kid` and `x5t` are a certificate's thumbprint of this length.
        self._key_id = base64.urlsafe_b64encode(hashlib.sha256(public).digest()[:20]).rstrip(b"=").decode()

    def issue(self, application: Application, resource: str) -> dict[str, Any]:
        """Return claims and `access_token` for a resource, spelt as in the request."""
        tenant = self._directory.tenant_id
        now = int(self._clock.now())
        oid = application.principal.object_id
        claims: dict[str, Any] = {
            "aud": resource,
            "iss": issuer(tenant),
            "iat": now,
            "nbf": now - BACKDATED,
            "exp": now + LIFETIME,
            "appid": application.client_id,
            "appidacr": "1",
            "idp": issuer(tenant),
            "oid": oid,
            "sub": oid,
            "tid": tenant,
            "uti": secrets.token_urlsafe(16),
            "ver": "1.0",
        }
        headers = {"kid": self._key_id, "x5t": self._key_id}
        return {**claims, "access_token": jwt.encode(claims, self._key, algorithm="RS256", headers=headers)}

    def public_jwk(self) -> dict[str, str]:
        """Return the public key of the tokens, as a JSON Web Key (RFC 7517)."""
        key = RSAAlgorithm.to_jwk(self._public_key, as_dict=True)
        return {
            "kty": key["kty"],
            "use": "sig",
            "kid": self._key_id,
            "x5t": self._key_id,
            "n": key["n"],
            "e": key["e"],
        }

    def check(self, authorization: str | None, audiences: frozenset[str]) -> Caller:
        """Return the caller that an `Authorization` header names.

        :param audiences: resources that the token may be for, as :func:`audiences.plain` gives them.
        :raises TokenRejectedError: if the token is not accepted.
        """
        if not authorization:
            raise TokenRejectedError("missing")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or not token.isascii():
            raise TokenRejectedError("malformed")
        claims = self._ended.get(token) or self._verified.get(token) or self._verify(token)
        now = self._clock.now()
        if now >= claims["exp"]:
            raise TokenRejectedError("expired", claims)
        if now < claims["nbf"]:
            raise TokenRejectedError("early", claims)
        if claims["tid"] != self._directory.tenant_id:
            raise TokenRejectedError("tenant", claims)
        if plain(claims["aud"]) not in audiences:
            raise TokenRejectedError("audience", claims)
        application = self._directory.application(claims["appid"])
        if application is None:
            raise TokenRejectedError("principal", claims)
        return Caller(application.client_id, application.principal)

    def end(self, authorization: str) -> None:
        """Let a token end now that would end later.

        :param authorization: header of a request, with a good token.
        """
        token = authorization.partition(" ")[2]
        self._ended[token] = {**self._verify(token), "exp": self._clock.now()}

    def revive(self, authorization: str) -> None:
        """Let a token that was ended go on to its own end."""
        self._ended.pop(authorization.partition(" ")[2], None)

    def _verify(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that we signed; the caller checks its time."""
        options: Options = {
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
            "verify_aud": False,
            "require": ["aud", "exp", "nbf", "tid", "appid"],
        }
        try:
            claims = jwt.decode(token, self._public_key, algorithms=["RS256"], options=options)
        except jwt.InvalidSignatureError:
            raise TokenRejectedError("signature") from None
        except jwt.PyJWTError:
            raise TokenRejectedError("malformed") from None
        if len(self._verified) >= REMEMBERED:
            self._verified.clear()
        self._verified[token] = claims
        return claims
