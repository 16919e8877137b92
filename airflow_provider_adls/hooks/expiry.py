"""`ExpiryMixin`: sets and clears the expiry of files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.attributes import set_expiry
from airflow_provider_adls.lake.bulk import Entry, change_all

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient


class ExpiryMixin(PlacesMixin):
    """The hook's methods for expiry. Errors are those of `gen1.errors`."""

    def set_expiry(
        self,
        path: str | Iterable[str],
        *,
        expires_at: datetime | str | None = None,
        expires_in: timedelta | float | str | None = None,
        since_creation: bool = False,
        recursive: bool = False,
        continue_on_failure: bool = False,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Set when the service deletes files. Only files expire, and a file that is made anew does not.

        :param path: a path, a glob, which may match nothing, or a list of paths.
        :param expires_at: a time with its zone, or the same in ISO 8601.
        :param expires_in: a span, or its seconds; from now, so that it begins anew with each call.
        :param since_creation: whether the span begins at each file's creation.
        :param recursive: whether directories stand for the files in them.
        :param continue_on_failure: whether the others are changed where one cannot be.
        :param preview: whether nothing is changed, and the result says what would be.
        :returns: as the methods of `RightsMixin`.
        :raises ValueError: unless just one time or span is given, for a time without a zone, and for a span
            that is not positive.
        :raises IsADirectoryError: for a directory, unless ``recursive``.
        """
        when = moment_or_span(expires_at, expires_in)

        async def change(client: DataLakeClient, item: Entry) -> None:
            await set_expiry(client, item.path, when, since_creation=since_creation)

        return self._change_expiry(path, change, recursive, continue_on_failure, preview)

    def clear_expiry(
        self,
        path: str | Iterable[str],
        *,
        recursive: bool = False,
        continue_on_failure: bool = False,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Let files stay for good; arguments and result are those of `set_expiry`."""

        async def change(client: DataLakeClient, item: Entry) -> None:
            await set_expiry(client, item.path, None)

        return self._change_expiry(path, change, recursive, continue_on_failure, preview)

    def _change_expiry(
        self,
        path: str | Iterable[str],
        change: Any,
        recursive: bool,  # noqa: FBT001 - passed on
        continue_on_failure: bool,  # noqa: FBT001 - passed on
        preview: bool,  # noqa: FBT001 - passed on
    ) -> dict[str, Any]:
        def applies(item: Entry) -> bool:
            if item.directory and not recursive:
                raise IsADirectoryError(
                    f"{item.path} is a directory, and only files expire: recursive stands for the files in it"
                )
            return not item.directory

        return run(
            change_all(
                self._selected(path),
                change,
                applies=applies,
                recursive=recursive,
                continue_on_failure=continue_on_failure,
                preview=preview,
            )
        )


def moment_or_span(
    expires_at: datetime | str | None, expires_in: timedelta | float | str | None
) -> datetime | timedelta:
    """Return the time or span that is given.

    :raises ValueError: unless it is just one, a time with a zone or a positive span.
    """
    if (expires_at is None) == (expires_in is None):
        raise ValueError("either expires_at or expires_in must be given")
    if expires_at is not None:
        return moment(expires_at)
    assert expires_in is not None
    return span(expires_in)


def moment(value: datetime | str) -> datetime:
    """Return a time with its zone.

    :raises ValueError: for one without, and for text that is not ISO 8601.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(
                f"{value!r} is not a time in ISO 8601, such as 2026-01-31T12:00:00+00:00"
            ) from None
    if value.tzinfo is None:
        raise ValueError(f"time {value} has no zone: it would expire at another hour elsewhere")
    return value


def span(value: timedelta | float | str) -> timedelta:
    """Return a positive span, from its seconds too.

    :raises ValueError: for what is neither.
    """
    if not isinstance(value, timedelta):
        try:
            value = timedelta(seconds=float(value))
        except (ValueError, OverflowError):
            raise ValueError(f"{value!r} is not a number of seconds") from None
    if value < timedelta(milliseconds=1):
        raise ValueError(f"span {value} is not positive")
    return value
