"""Conditions: what a request wants to be true of a path before anything is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator.gen2.errors import StorageError, refused
from airflow_provider_adls.emulator.rules.gen2.versions import etag

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store import Node

ANY = "*"


class Conditions(NamedTuple):
    """Conditions on the version of a path and on the time of its last change.

    :param match: ETags without quotes, or `*`, of which one must be the path's; empty for no condition.
    :param none_match: the same, of which none may be.
    :param modified_since: seconds since 1970; None for no condition.
    """

    match: tuple[str, ...] = ()
    none_match: tuple[str, ...] = ()
    modified_since: int | None = None
    unmodified_since: int | None = None

    @property
    def must_be_new(self) -> bool:
        """Whether the path may not exist."""
        return ANY in self.none_match

    def check(self, node: Node | None, *, read: bool = False, code: str = "ConditionNotMet") -> None:
        """Check them.

        :param node: None if the path does not exist.
        :param read: whether the request only reads, so that it is answered with 304 where what the caller
            has is still true (recorded).
        :param code: name of a failed condition.
        :raises StorageError: if one is not met.
        """
        if self == _NONE:
            return
        if node is None:
            if self.match or self.unmodified_since is not None:
                raise refused(code)
            return
        seconds = node.modified // 1000
        version = etag(node.etag)
        if self.match and ANY not in self.match and version not in self.match:
            raise refused(code)
        if self.unmodified_since is not None and seconds > self.unmodified_since:
            raise refused(code)
        same = ANY in self.none_match or version in self.none_match
        if same or (self.modified_since is not None and seconds <= self.modified_since):
            failed = refused(code)
            raise StorageError(304, failed.code, failed.message) if read else failed


_NONE = Conditions()
