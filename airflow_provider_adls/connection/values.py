"""A stored connection's values, by the fields' names, whichever form or hook wrote them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from airflow_provider_adls.connection_form import CONNECTION_TYPE, FIELDS, HOOK_NAME, NUMBERS, RELABELING
from airflow_provider_adls.model.errors import ConnectionFieldError
from airflow_provider_adls.model.redaction import HIDDEN, redact

log = logging.getLogger(__name__)
T = TypeVar("T")

#: Connection type of the official Azure provider's hook for Gen1, and what it calls some of our fields.
OFFICIAL_TYPE = "azure_data_lake"
OFFICIAL_NAMES = {"tenant_id": "tenant"}

_LABELS = {**RELABELING, **{form_field.name: form_field.label for form_field in FIELDS}}
_EXAMPLES = {
    "login": "11111111-2222-3333-4444-555555555555",
    "password": "the secret's value as the portal showed it once",
    **{form_field.name: form_field.example for form_field in FIELDS},
}
#: Names in Extra of every form that has one for a field; the last three are the official hook's alone.
_READ = {
    f"{prefix}{name}"
    for prefix in ("", f"extra__{CONNECTION_TYPE}__", f"extra__{OFFICIAL_TYPE}__")
    for name in (
        *(form_field.name for form_field in FIELDS),
        *OFFICIAL_NAMES.values(),
        "managed_identity_client_id",
        "workload_identity_tenant_id",
    )
}


class StoredConnection(Protocol):
    """The part of Airflow's `Connection` that is read; 2.11's and 3.x's classes both have it."""

    conn_id: Any
    conn_type: Any
    login: Any
    password: Any
    extra: Any


class Values:
    """A connection's values by field name, wherever they stand in it.

    :param connection: the stored connection.
    :param defaults: values of fields that it leaves empty, from Airflow's configuration.
    :raises ConnectionFieldError: for a connection to something else.
    """

    def __init__(self, connection: StoredConnection, defaults: Mapping[str, str]) -> None:
        self.conn_id = str(connection.conn_id)
        # An id that stands twice, or a slip in one, is named by its type, and not by a field that it lacks.
        if connection.conn_type not in (CONNECTION_TYPE, OFFICIAL_TYPE, None, ""):
            raise ConnectionFieldError(
                f"connection {self.conn_id!r} is of type {connection.conn_type!r}: give the id of one"
                f" of type {CONNECTION_TYPE!r} ({HOOK_NAME}), of {OFFICIAL_TYPE!r}, or of 'adls'",
                field="conn_type",
            )
        self.official = connection.conn_type == OFFICIAL_TYPE
        self._defaults = defaults
        self._extra: dict[str, Any] = {}
        self._login = connection.login
        self._password = connection.password
        self._extra = self._parsed(connection.extra)

    def text(self, name: str, rule: Callable[[str], T]) -> T | None:
        """Return a field's value as its rule returns it; None where the field is empty.

        :raises ConnectionFieldError: if the rule does not take it.
        """
        value = self._login if name == "login" else self._stored(name)
        if name in NUMBERS and isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.wrong(name, f"must be text, not {type(value).__name__}")
        if not value.strip():
            return None
        self._refuse_stars(name, value)
        try:
            return rule(value.strip())
        except ValueError as error:
            raise self.wrong(name, str(error)) from None

    def default(self, name: str, rule: Callable[[str], T]) -> T | None:
        """Return the default that Airflow's configuration has for a field.

        :raises ConnectionFieldError: if the rule does not take it.
        """
        value = self._defaults.get(name, "").strip()
        if not value:
            return None
        try:
            return rule(value)
        except ValueError as error:
            raise ConnectionFieldError(
                f"Airflow's configuration, section [{CONNECTION_TYPE}], option {name!r}: {error}."
                f" For example: {_EXAMPLES[name]}",
                field=name,
            ) from None

    def secret(self) -> str | None:
        """Return the client secret as it stands.

        :raises ConnectionFieldError: if it is what pages show in its place.
        """
        secret = self._password
        self._refuse_stars("password", secret)
        if isinstance(secret, str) and secret != secret.strip():
            log.warning(
                "connection %s: the client secret begins or ends with white space; Azure's own never do",
                self.conn_id,
            )
        return secret or None

    def account_key(self, rule: Callable[[str], T]) -> T | None:
        """Return the password, which is an account key, as its rule returns it; None where it is empty.

        :raises ConnectionFieldError: if the rule does not take it.
        """
        key = self._password.strip() if isinstance(self._password, str) else None
        self._refuse_stars("password", key)
        if not key:
            return None
        try:
            return rule(key)
        except ValueError as error:
            raise self.wrong("password", str(error)) from None

    @property
    def signs_in_itself(self) -> bool:
        """Whether it has a client id or a secret."""
        return bool(self._login or self._password)

    def needed(self, name: str, value: T | None) -> T:
        """Return the value, if there is one."""
        if not value:
            keys = ", ".join(sorted(map(str, self._extra))) or "nothing"
            raise missing(
                self.conn_id,
                name,
                "" if name in RELABELING else f"; its Extra holds {keys}",
                self.called(name),
            )
        return value

    def named(self, *names: str) -> str | None:
        """Return the first of these fields that is not empty."""
        return next((name for name in names if self._stored(name)), None)

    def is_left_empty(self, name: str) -> bool:
        """Return whether Extra has a field and no value for it: then the usual one is not meant."""
        return name in self._extra and not self._extra[name]

    @property
    def unread(self) -> tuple[str, ...]:
        """Keys of Extra that stand for nothing here, slips of the pen for instance."""
        unread = (str(key) for key, value in self._extra.items() if value and key not in _READ)
        return tuple(sorted(redact(key, self._secrets()) for key in unread))

    def called(self, name: str) -> str:
        """Return a field's name as connections of this type have it."""
        return OFFICIAL_NAMES.get(name, name) if self.official else name

    def wrong(self, name: str, what: str) -> ConnectionFieldError:
        """Return the error for a field whose value is wrong; no secret of the connection stands in it."""
        example = _EXAMPLES.get(name)
        what = redact(what, self._secrets())
        return ConnectionFieldError(
            f"connection {self.conn_id!r}, field {self.called(name)!r} ({_LABELS.get(name, name)}): {what}"
            + (f". For example: {example}" if example else ""),
            field=self.called(name),
        )

    def _refuse_stars(self, name: str, value: object) -> None:
        if isinstance(value, str) and value.strip() == HIDDEN:
            raise self.wrong(
                name,
                f"holds {HIDDEN}, which Airflow's page shows in the place of a stored secret, and then sent"
                " back: enter the value again",
            )

    def _secrets(self) -> list[str]:
        values = [self._password, *(self._stored(field.name) for field in FIELDS if field.secret)]
        return [value.strip() for value in values if isinstance(value, str)]

    def _stored(self, name: str) -> Any:
        # Forms of older Airflow versions wrote the prefixed key; the plain one is the newer. A connection
        # whose type alone was changed from the official one keeps the official names.
        official = OFFICIAL_NAMES.get(name, name)
        for key in (
            self.called(name),
            f"extra__{CONNECTION_TYPE}__{name}",
            f"extra__{OFFICIAL_TYPE}__{official}",
            name,
            official,
        ):
            if (value := self._extra.get(key)) not in (None, ""):
                return value
        return None

    def _parsed(self, extra: Any) -> dict[str, Any]:
        if extra is None or extra == "":
            return {}
        try:
            parsed = json.loads(extra) if isinstance(extra, (str, bytes)) else extra
        except json.JSONDecodeError as error:
            raise self.wrong(
                "extra", f"is not JSON: {error.msg}, line {error.lineno}, column {error.colno}"
            ) from None
        except (RecursionError, UnicodeDecodeError):
            raise self.wrong("extra", "is not a JSON object of the fields below") from None
        if not isinstance(parsed, dict):
            raise self.wrong("extra", f"must be a JSON object, not {type(parsed).__name__}")
        return parsed


def missing(
    conn_id: str, name: str, why: str, called: str | None = None, example: str | None = None
) -> ConnectionFieldError:
    """Return the error for a field that is empty and must not be.

    :param why: purpose of it, or the value in its place.
    :param called: the field's name as the connection has it, if that is another.
    :param example: possible value, if it is not the field's usual example.
    """
    return ConnectionFieldError(
        f"connection {conn_id!r} leaves field {called or name!r} ({_LABELS[name]}) empty{why}."
        f" For example: {example or _EXAMPLES[name]}",
        field=called or name,
    )
