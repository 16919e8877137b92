"""`Requests`: recorded requests, which tests select from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.criteria import criteria
from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.record import RequestRecord

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.principal import Principal


class Requests(list[RequestRecord]):
    """Requests, oldest first. A call returns those that meet its criteria."""

    def __call__(
        self,
        *,
        service: str | None = None,
        operation: str | None = None,
        account: str | None = None,
        path: str | None = None,
        under: str | None = None,
        principal: Principal | str | None = None,
        status: int | None = None,
    ) -> Requests:
        """Return the requests that meet all criteria.

        :param service: `login`, `arm`, `lake`, `dfs` or `blob`.
        :param operation: name of the operation, `CREATE`, `accounts.get` or `token` for instance.
        :param account: name of the account.
        :param path: path, with `*` and `?` for parts of a name, `**` for any names.
        :param under: directory that the path is, or is in.
        :param principal: the principal, or its client id or object id.
        :param status: HTTP status of the answer.
        :raises ArgumentError: for a criterion that no request can meet.
        """
        wanted = criteria(service, operation, account, path, under, principal)
        if status is not None and not (isinstance(status, int) and (status == 0 or 100 <= status <= 599)):
            raise ArgumentError("status", f"status must be an HTTP status, not {status!r}")
        return Requests(
            record for record in self if (status is None or record.status == status) and wanted.fit(record)
        )
