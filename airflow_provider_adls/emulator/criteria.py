"""`Criteria`: selects requests by service, operation, account, path and principal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.hosts import Service
from airflow_provider_adls.emulator.operations import NAMING_ACCOUNTS, known
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathError

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator.faults.subject import Subject
    from airflow_provider_adls.emulator.record import RequestRecord


@dataclass(frozen=True, slots=True)
class Criteria:
    """The required properties of a request; None matches all. Made by :func:`criteria`, which checks them.

    :param path: path, with `*` and `?` for parts of a name, `**` for any names.
    :param under: directory that the path must be or be in.
    :param principal: client id or object id.
    """

    service: Service | None = None
    operation: str | None = None
    account: str | None = None
    path: str | None = None
    under: str | None = None
    principal: str | None = None
    _fits_path: Callable[[str], object] | None = None

    def fit(self, asked: Subject | RequestRecord) -> bool:
        """Return whether a request meets all of them."""
        return (
            (self.operation is None or asked.operation == self.operation)
            and (self.service is None or asked.service == self.service)
            and (self.account is None or asked.account == self.account)
            and (self._fits_path is None or self._fits_path(asked.path) is not None)
            and (self.principal is None or _is(asked.principal, self.principal))
        )

    def to_json(self) -> dict[str, Any]:
        """Return the criteria that were given, by name."""
        names = ("service", "operation", "account", "path", "under", "principal")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def criteria(
    service: str | None = None,
    operation: str | None = None,
    account: str | None = None,
    path: str | None = None,
    under: str | None = None,
    principal: Principal | str | None = None,
) -> Criteria:
    """Return checked criteria that requests can meet.

    The service follows from an operation, whose name is given in any case; a path without either is one of
    the file system. An account goes by its short or full name.

    :raises ArgumentError: for one that is invalid or contradicts another.
    """
    name, named_service = None, _service(service)
    if operation is not None:
        name, own = known(operation)
        if named_service not in (None, own):
            raise ArgumentError("service", f"service {service} has no operation {name}: it is {own}'s")
        named_service = own
    if named_service is None and (path is not None or under is not None):
        named_service = "lake"
    return Criteria(
        named_service,
        name,
        None if account is None else _account(account, named_service, name),
        path,
        None if under is None else _directory(under),
        _principal(principal),
        _path_test(path, under),
    )


def names_account(service: Service | None, operation: str | None) -> bool:
    """Return whether requests of a service, or of one operation, can name an account."""
    if service == "arm" and operation is not None:
        return operation in NAMING_ACCOUNTS
    return service != "login"


def _service(service: str | None) -> Service | None:
    services: tuple[Service, ...] = get_args(Service)
    for name in services:
        if name == service:
            return name
    if service is None:
        return None
    raise ArgumentError("service", f"service must be one of {', '.join(services)}, not {service!r}")


def _account(account: str, service: Service | None, operation: str | None) -> str:
    if not names_account(service, operation):
        raise ArgumentError("account", f"account does not apply to {operation or service}, which names none")
    try:
        return paths.account_name(_text("account", account))
    except PathError as error:
        raise ArgumentError("account", f"account {error}") from None


def _directory(under: str) -> str:
    if not _text("under", under).startswith("/"):
        raise ArgumentError("under", f"under must be an absolute path, not {under!r}")
    return paths.normalise(under)


def _path_test(path: str | None, under: str | None) -> Callable[[str], object] | None:
    if under is not None:
        if path is not None:
            raise ArgumentError("path", "path and under exclude each other: give one")
        directory = _directory(under).rstrip("/")
        return re.compile(rf"{re.escape(directory)}(/.*)?", re.DOTALL).fullmatch
    if path is None:
        return None
    if not _text("path", path).startswith("/"):
        raise ArgumentError("path", f"path must be absolute, not {path!r}")
    # Imported only for a criterion on paths.
    from fsspec.utils import glob_translate

    try:
        return re.compile(glob_translate(path)).match
    except (ValueError, re.error) as error:
        raise ArgumentError("path", f"path {path!r} is not a pattern: {error}") from None


def _principal(principal: Principal | str | None) -> str | None:
    if isinstance(principal, Principal):
        return principal.object_id
    return None if principal is None else _text("principal", principal)


def _text(field: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ArgumentError(field, f"{field} must be a text that is not empty, not {value!r}")
    return value


def _is(principal: Principal | None, wanted: str) -> bool:
    return principal is not None and wanted in (principal.object_id, principal.client_id)
