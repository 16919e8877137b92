"""`TransferOperator`, the base of the transfers: the flags that say how files go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, fixed, flag, templated
from airflow_provider_adls.operators.resuming import RESUME, VERIFY, ResumingOperator
from airflow_provider_adls.operators.times import TimesOperator

#: Description of the argument for a destination.
_NEW_PATH = (
    "It is the new path of a single file, or with a slash at its end the directory for it. The files of a"
    " directory or a glob keep their relative paths below it. A file appears whole or not at all, and an"
    " existing one is unchanged until then"
)
#: URLs of other stores.
_SCHEMES = (
    "of any scheme that Airflow's `ObjectStoragePath` opens: ``s3://``, ``gs://``, ``abfss://``, ``sftp://``,"
    " ``file://`` and others, with their providers installed"
)


def source(name: str, kind: kinds.Kind, description: str) -> Argument:
    """Return the row of the path that a transfer reads."""
    return templated(name, kind, description, required=True, lineage="input")


def destination(name: str, kind: kinds.Kind, description: str) -> Argument:
    """Return the row of the path that a transfer writes."""
    return templated(name, kind, f"{description}. {_NEW_PATH}", required=True, lineage="output")


#: The types of a list of sources.
LISTED = (
    ", or a list of paths, which are taken literally: each goes below the destination and keeps its name, and"
    " two of one name are refused. An empty list is nothing to copy"
)
LAKE_SOURCE = source("remote_path", kinds.lake_paths, f"path, URL or glob in the lake{LISTED}")
LAKE_DESTINATION = destination("remote_path", kinds.target, "path or URL in the lake")
OTHER_SOURCE = source("source_path", kinds.other_urls, f"URL or glob {_SCHEMES}{LISTED}")
OTHER_DESTINATION = destination(
    "destination_path",
    kinds.written(kinds.other_url),
    f"URL {_SCHEMES}; a store without directories gets no empty ones",
)


class TransferOperator(TimesOperator, ResumingOperator):
    """Base of the transfers, with their flags."""

    returned = (
        "the numbers of copied ``files`` and ``bytes``; ``path``, their destination; the numbers of files"
        " ``skipped``, ``failed`` and ``deleted``; the first 100 ``paths``, ``skipped_paths``,"
        " ``failed_paths`` and ``deleted_paths``, where there are any"
    )

    flags = (
        "overwrite",
        "if_exists",
        "keep_directory_structure",
        "ignore_if_missing",
        "delete_source",
        "ignore_failures",
        "compression",
        "parallel",
        "verify",
    )
    arguments: ClassVar[Sequence[Argument]] = (
        flag("overwrite", "whether existing files are replaced", alias="replace"),
        fixed(
            "if_exists",
            kinds.one_of("fail", "skip"),
            "where files may not be replaced: ``fail`` before anything is copied, or ``skip`` existing ones,"
            " which a task that is retried copied in its first try",
            required=True,
        ),
        flag(
            "keep_directory_structure",
            "whether a tree keeps its shape; if not, all files go into one directory",
        ),
        flag(
            "ignore_if_missing",
            "whether the task succeeds if no file is to be copied: the source does not exist, or holds none"
            " of the time",
        ),
        flag(
            "delete_source",
            "whether a file is deleted once its copy is verified, and directories below the source that this"
            " empties; the source itself stays",
        ),
        flag(
            "ignore_failures",
            "whether files that cannot be read or copied are listed in the result and the others are copied;"
            " if not, the first failure ends the task",
        ),
        templated(
            "compression",
            kinds.compression,
            "``gzip`` or ``zstd`` (extra ``[zstd]``) compresses files on the way, and copies those that end"
            " in ``.gz`` or ``.zst`` as they are; ``decompress`` decompresses those. A copy's name gets the"
            " ending ``.gz`` or ``.zst``, or loses it, unless the destination is the new path of a single"
            " file, which stays as it is written. The result's ``bytes`` are those of the copies, and"
            " ``source_bytes`` those of their sources",
        ),
        templated(
            "parallel",
            kinds.count,
            "most files that are copied at once; None for as many as both services take",
        ),
        VERIFY,
        RESUME,
    )

    def __init__(
        self,
        *,
        overwrite: bool = True,
        replace: bool | None = None,
        if_exists: Literal["fail", "skip"] = "fail",
        keep_directory_structure: bool = True,
        ignore_if_missing: bool = False,
        delete_source: bool = False,
        ignore_failures: bool = False,
        compression: Literal["gzip", "zstd", "decompress"] | None = None,
        parallel: int | None = None,
        verify: Literal["length", "content"] = "length",
        resume: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.overwrite = overwrite
        self.accept_alias("overwrite", "replace", replace, default=True)
        self.if_exists = if_exists
        self.keep_directory_structure = keep_directory_structure
        self.ignore_if_missing = ignore_if_missing
        self.delete_source = delete_source
        self.ignore_failures = ignore_failures
        self.compression = compression
        self.parallel = parallel
        self.verify = verify
        self.resume = resume

    def validate_together(self) -> None:
        """Refuse to skip files that are to be replaced."""
        super().validate_together()
        if self.overwrite is True and self.if_exists == "skip":
            raise self.error("if_exists", "has no meaning with overwrite=True, which replaces existing files")

    def options(self, *, preview: bool) -> dict[str, Any]:
        """Return the flags, as the hook takes them."""
        flags = {name: getattr(self, name) for name in self.flags}
        return flags | {"preview": preview, "resume": self.resumes, **self.times}
