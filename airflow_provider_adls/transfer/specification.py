"""`Specification`: what a transfer of many tasks is to do, written once and the same for all of its tasks."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.model.times import Period
from airflow_provider_adls.transfer.sync import SyncOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow_provider_adls.lake.keep import Name
    from airflow_provider_adls.lake.reliability import Verify
    from airflow_provider_adls.transfer.state import TransferState
    from airflow_provider_adls.transfer.stores import End

_FILE = "specification.json"
_DEFAULTS: dict[str, Any] = {
    "keep": [],
    "fail_unless_kept": False,
    "verify": "length",
    "modified_after": None,
    "modified_before": None,
    "older_than": None,
}


@dataclass(frozen=True)
class Specification:
    """Paths and options of a transfer of many tasks.

    :param source_path: path or URL of the tree that is copied.
    :param destination_path: path or URL of the tree that is written.
    :param source_conn_id: connection of the source; None for the state's.
    :param destination_conn_id: connection of the destination, in the same way.
    :param mode: ``copy`` copies all files, ``sync`` those that are new or changed.
    :param compare: how sync recognises a changed file, as of `SyncOptions`.
    :param delete: whether sync deletes what the source does not have.
    :param max_deletes: most files that are deleted: a number, or below 1 a part of the destination's files;
        None for any number.
    :param include: globs, as of `SyncOptions`.
    :param exclude: globs, as of `SyncOptions`.
    :param checksum: whether the verification reads both sides of each file.
    :param ignore_failures: whether files that cannot be copied are reported, and the tasks go on; nothing is
        deleted then.
    :param verify: ``content`` reads each copy back before it gets its name, as of a transfer of one task.
    :param modified_after: ISO 8601; only files of the source that were modified then or later are copied.
    :param modified_before: ISO 8601; only those that were modified before.
    :param older_than: seconds before `begun`; only those that were modified longer ago.
    :param begun: when the transfer began, in seconds since 1970, whatever run goes on with it.
    :param keep: attributes that the copies get, as `parse_keep` returns them.
    :param fail_unless_kept: whether the report fails if one could not be kept.
    :param list_tasks: most tasks that list.
    :param shard_files: most files of a shard.
    :param shard_bytes: most bytes of a shard, unless one file has more.
    """

    source_path: str
    destination_path: str
    source_conn_id: str | None = None
    destination_conn_id: str | None = None
    mode: Literal["copy", "sync"] = "copy"
    compare: Literal["size_and_time", "size"] = "size_and_time"
    delete: bool = False
    max_deletes: float | None = None
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    checksum: bool = False
    ignore_failures: bool = False
    verify: Verify = "length"
    modified_after: str | None = None
    modified_before: str | None = None
    older_than: float | None = None
    begun: float = 0.0
    keep: Sequence[Name] = ()
    fail_unless_kept: bool = False
    list_tasks: int = 64
    shard_files: int = 50_000
    shard_bytes: int = 64 * 2**30

    @property
    def piece_files(self) -> int:
        """Most files of a piece of the manifest: a few make a shard, so that shards become alike."""
        return max(1, min(5_000, self.shard_files // 5))

    @property
    def sync_options(self) -> SyncOptions:
        """The options that sync has too."""
        return SyncOptions(
            compare=self.compare, delete=self.delete, include=self.include, exclude=self.exclude
        )

    @property
    def period(self) -> Period:
        """When the files of the source were modified that are copied."""
        now = datetime.fromtimestamp(self.begun, UTC)
        return Period.of(self.modified_after, self.modified_before, self.older_than, now=now)

    @property
    def filters(self) -> bool:
        """Whether a part of the trees is left out."""
        return bool(self.include or self.exclude)

    def to_json(self) -> dict[str, Any]:
        """Return it as a value that JSON holds."""
        value = asdict(self)
        return value | {name: list(value[name]) for name in ("include", "exclude", "keep")}

    async def write(self, state: TransferState) -> None:
        """Write it as the transfer's, unless the transfer has it already.

        :raises ValueError: if the transfer has another one, naming what differs.
        """
        own = self.to_json() | {"begun": time.time()}
        held = await state.make_json(_FILE, own)
        for name in own.keys() - {"begun"}:
            # One that was begun before there was such an option has what was done then.
            known = held.get(name, _DEFAULTS.get(name))
            if known != own[name]:
                raise ValueError(
                    f"{state.folder} is the state of another transfer, whose {name} is {known!r} and"
                    f" not {own[name]!r}: give this one a transfer_id of its own"
                )


async def read_specification(state: TransferState) -> Specification:
    """Return what a transfer is to do.

    :raises FileNotFoundError: if the transfer was not begun.
    """
    held = await state.read_json(_FILE)
    if held is None:
        raise FileNotFoundError(
            f"no transfer was begun in {state.folder}: its first task is ADLSGen1BeginTransferOperator, with"
            " the same connection, state_path and transfer_id"
        )
    known = {field.name for field in fields(Specification)}
    return Specification(**{name: value for name, value in held.items() if name in known})


def refuse_overlap(source: End, target: End, state: End, *, delete: bool) -> None:
    """Raise if one of the trees holds the other, or one of them and the transfer's state.

    :param state: directory of the transfer's own files.
    :raises ValueError: naming both.
    """
    if _holds(source, target):
        raise ValueError(f"{source.shown} is to be copied into itself, to {target.shown}")
    if delete and _holds(target, source):
        raise ValueError(
            f"{source.shown} is in {target.shown}, and would be deleted, since the source does not have it"
        )
    for end in (source, target):
        if _holds(end, state) or _holds(state, end):
            raise ValueError(
                f"the transfer's own files, in {state.shown}, and {end.shown} are one inside the other: give"
                " another state_path"
            )


async def refuse_file(end: End) -> None:
    """Raise if a file is where a directory is to be, or one above it.

    :raises NotADirectoryError: naming the file.
    """
    store, path = end.store, end.path
    # An object and a prefix may have one name.
    while store.is_lake and path.strip("/"):
        try:
            file = await store.look(path)
        except IsADirectoryError:
            return
        if file is not None:
            raise NotADirectoryError(f"{store.shown(path)} is a file, and {end.shown} must be a directory")
        path = path.rpartition("/")[0]


def _holds(outer: End, inner: End) -> bool:
    return outer.store == inner.store and f"{inner.path.rstrip('/')}/".startswith(
        f"{outer.path.rstrip('/')}/"
    )
