"""`ADLSGen1SyncOperator`: make a tree like another, one way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.hooks.ends import is_lake
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import flag, is_known, templated
from airflow_provider_adls.operators.keep import FAIL_UNLESS_KEPT, KEEP, validate_keep
from airflow_provider_adls.operators.resuming import RESUME, VERIFY, ResumingOperator
from airflow_provider_adls.operators.times import TimesOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1SyncOperator(TimesOperator, ResumingOperator):
    """Make a tree like another: copy new and changed files, and delete extraneous ones if asked to.

    .. code-block:: python

        ADLSGen1SyncOperator(
            task_id="mirror", source_path="/curated", destination_path="s3://bucket/curated", delete=True
        )

    A path or an ``adl://`` URL is in a lake, ``file:///data`` on the machine that runs the task, and any
    other URL in the store that Airflow's `ObjectStoragePath` opens. At least one of the two is a lake.
    Deletion starts when everything is copied. Files of the source that a time does not choose are not copied,
    and their copies stay as they are.

    :returns: the numbers of copied ``files`` and ``bytes``; ``path``, the destination; the numbers of files
        ``skipped`` as equal, ``failed`` and ``deleted``; the first 100 ``paths``, ``failed_paths``
        and ``deleted_paths``, where there are any; with `keep` also ``kept`` and ``not_kept``, the numbers
        of paths by attribute, and the first 100 ``not_kept_paths``.
    """

    arguments = (
        templated("source_path", kinds.any_url, "the tree that is copied", required=True, lineage="input"),
        templated(
            "destination_path",
            kinds.written(kinds.any_url),
            "the tree that becomes equal to it",
            required=True,
            lineage="output",
        ),
        templated(
            "source_conn_id",
            kinds.text,
            "id of the source's connection; None for `adls_gen1_conn_id`, if it is a lake",
        ),
        templated("destination_conn_id", kinds.text, "id of the destination's connection, in the same way"),
        templated(
            "compare",
            kinds.one_of("size_and_time", "size", "checksum"),
            "how changed files are found: ``size_and_time`` copies those of another size or written after "
            "their copy, ``size`` those of another size, ``checksum`` reads both sides of files of equal "
            "size. Different clocks may hide a change from the first",
            required=True,
        ),
        flag("delete", "whether files that the source does not have are deleted from the destination"),
        templated(
            "include",
            kinds.included,
            "globs, relative to the root: other files are ignored, on both sides. A glob without a slash "
            "matches the file's name alone. Paths and URLs of a source in a lake, as a listing returns them, "
            "are taken literally",
            required=True,
        ),
        templated("exclude", kinds.globs, "globs of files and directories that are ignored", required=True),
        flag(
            "ignore_if_missing",
            "whether the task succeeds, without doing anything, if the source does not exist",
        ),
        flag(
            "ignore_failures",
            "whether files that cannot be read or copied are listed in the result and the others are copied; "
            "if not, the first failure ends the task. After a failure nothing is deleted",
        ),
        KEEP,
        FAIL_UNLESS_KEPT,
        VERIFY,
        RESUME,
    )

    flags = ("delete", "ignore_if_missing", "ignore_failures", "fail_unless_kept", "verify")

    def __init__(
        self,
        *,
        source_path: str,
        destination_path: str,
        source_conn_id: str | None = None,
        destination_conn_id: str | None = None,
        compare: Literal["size_and_time", "size", "checksum"] = "size_and_time",
        delete: bool = False,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        ignore_if_missing: bool = False,
        ignore_failures: bool = False,
        keep: str | Sequence[str] | None = None,
        fail_unless_kept: bool = False,
        verify: Literal["length", "content"] = "length",
        resume: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.destination_path = destination_path
        self.source_conn_id = source_conn_id
        self.destination_conn_id = destination_conn_id
        self.compare = compare
        self.delete = delete
        self.include = include
        self.exclude = exclude
        self.ignore_if_missing = ignore_if_missing
        self.ignore_failures = ignore_failures
        self.keep = keep
        self.fail_unless_kept = fail_unless_kept
        self.verify = verify
        self.resume = resume
        self.validate()

    def validate_together(self) -> None:
        """Refuse two ends without a lake, and trees that are inside each other."""
        super().validate_together()
        ends = (self.source_path, self.destination_path)
        if all(isinstance(end, str) and is_known(end) and not is_lake(end) for end in ends):
            raise self.error(
                "destination_path",
                "source_path or destination_path must be a lake path (/raw or adl://account/raw)",
            )
        self.refuse_inside("source_path", "destination_path")
        if self.delete is True:
            self.refuse_inside("destination_path", "source_path")
        validate_keep(self, self.keep, "source_path", "destination_path")

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Make the tree like the other, or find out what would be done."""
        return hook.sync(
            self.source_path,
            self.destination_path,
            source_conn_id=self.source_conn_id,
            destination_conn_id=self.destination_conn_id,
            compare=self.compare,
            include=self.include,
            exclude=self.exclude,
            keep=self.keep,
            preview=preview,
            **self.times,
            resume=self.resumes,
            **{name: getattr(self, name) for name in self.flags},
        )
