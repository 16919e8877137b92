"""`Options`: what a transfer is to do; `Item`: one step of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from airflow_provider_adls.lake.reliability import Reliability
from airflow_provider_adls.model.times import ALWAYS, Period

if TYPE_CHECKING:
    from airflow_provider_adls.lake.keep import Name
    from airflow_provider_adls.lake.reliability import Verify
    from airflow_provider_adls.lake.trees import File
    from airflow_provider_adls.transfer.compression import Coding
    from airflow_provider_adls.transfer.stores import Store

#: Files that are looked at, or are under way, at once.
PARALLEL = 16


@dataclass(frozen=True)
class Options:
    """Options of a transfer.

    :param overwrite: whether existing files are replaced.
    :param if_exists: treatment of those that are not: ``fail`` before anything is copied, or ``skip``
        them.
    :param keep_directory_structure: whether a tree keeps its shape; if not, all files go into one directory.
    :param ignore_if_missing: whether a missing source is ignored.
    :param delete_source: whether a file is deleted when its copy exists and has its size; then directories
        below the source that are empty by that go too.
    :param delete_directories: whether, with that, the source itself and its empty directories go.
    :param ignore_failures: whether files that cannot be read or copied are named in the summary, and the
        others are copied; if not, the first failure ends the transfer.
    :param preview: whether nothing is done, and the summary says what would be.
    :param compression: ``gzip`` or ``zstd`` compresses files on the way, ``decompress`` decompresses those
        that end in ``.gz`` or ``.zst``.
    :param parallel: most files that are copied at once; None for as many as both stores take.
    :param period: when the files that are copied were modified; with a bound no empty directory is made.
    :param keep: attributes that copies get from their sources, as `parse_keep` returns them.
    :param fail_unless_kept: whether it is an error, at the end, if one could not be kept.
    :param verify: ``length`` compares the lengths of a file and its copy; ``content`` reads the copy back
        before it gets its name, and compares it with what was sent.
    :param resume: whether a big file goes on where a killed try of the same copy ended.
    """

    overwrite: bool = True
    if_exists: Literal["fail", "skip"] = "fail"
    keep_directory_structure: bool = True
    ignore_if_missing: bool = False
    delete_source: bool = False
    delete_directories: bool = False
    ignore_failures: bool = False
    preview: bool = False
    period: Period = ALWAYS
    compression: Coding | None = None
    parallel: int | None = None
    keep: tuple[Name, ...] = ()
    fail_unless_kept: bool = False

    verify: Verify = "length"
    resume: bool = False

    @property
    def reliability(self) -> Reliability:
        """Reliability of each copy.

        :raises ValueError: for another way to verify.
        """
        return Reliability.of(self.verify, self.resume)

    def width(self, source: Store, target: Store) -> int:
        """Return how many files are copied at once."""
        return min(source.width, target.width, self.parallel or source.width)


@dataclass(frozen=True)
class Copy:
    """A file to be copied.

    :param target: path of the copy.
    :param replaces: whether a file exists there; None if that was not checked.
    """

    file: File
    target: str
    replaces: bool | None = None


#: A step of a transfer: a file to be copied, or the path of a directory to be made.
Item: TypeAlias = Copy | str


def paths_above(path: str) -> list[str]:
    """Return the paths that a path is below."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]
