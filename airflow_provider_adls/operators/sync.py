"""A tree made like another, one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow_provider_adls.hooks.ends import is_lake
from airflow_provider_adls.operators import arguments, path_rules
from airflow_provider_adls.operators.preview import ADLSGen1PreviewOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1SyncOperator(ADLSGen1PreviewOperator):
    """Make a tree like another: what is new or changed is copied, what is extraneous may be deleted.

    .. code-block:: python

        ADLSGen1SyncOperator(
            task_id="mirror", source_path="/curated", destination_path="s3://bucket/curated", delete=True
        )

    A path, or an ``adl://`` URL, is of a lake, ``file:///data`` of the machine that runs the task, and any
    other URL of the store that Airflow's `ObjectStoragePath` has for it. One of the two is a lake. Nothing
    is deleted before all is copied.

    :param source_path: the tree that is copied. (templated)
    :param destination_path: the tree that is made like it. (templated)
    :param source_conn_id: id of the source's connection; None for `adls_gen1_conn_id`, if it is a lake.
        (templated)
    :param destination_conn_id: id of the destination's, in the same way. (templated)
    :param compare: what tells a changed file: ``size_and_time`` takes one that has another size or was
        written after its copy, ``size`` one that has another size, ``checksum`` reads both sides of those of
        one size. Clocks that differ may hide a change from the first. (templated)
    :param delete: whether files that the source does not have are deleted from the destination.
    :param include: globs, relative to the root: only files that match one of them are looked at, on both
        sides. One without a slash is matched with the file's name alone. (templated)
    :param exclude: globs of files that are not looked at. (templated)
    :param ignore_if_missing: whether it is right if there is no source; nothing is done then.
    :param ignore_failures: whether files that cannot be copied are told of in the result, and the others are
        copied; if not, the first failure ends the task. Nothing is deleted if there is one.
    :param preview: whether nothing is done, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``files`` and ``bytes`` that were copied, ``path``, the destination; the numbers of files
        ``skipped``, which are alike, ``failed`` and ``deleted``; the first 100 ``paths``, ``failed_paths``
        and ``deleted_paths``, where there are any.
    """

    template_fields: Sequence[str] = (
        "source_path",
        "destination_path",
        "source_conn_id",
        "destination_conn_id",
        "compare",
        "include",
        "exclude",
        "account_name",
        "adls_gen1_conn_id",
    )
    flags = ("delete", "ignore_if_missing", "ignore_failures")
    reads = ("source_path",)
    writes = ("destination_path",)
    needed = (
        "source_path",
        "destination_path",
        "compare",
        "include",
        "exclude",
        *flags,
        "preview",
        "adls_gen1_conn_id",
    )
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "source_path": arguments.any_url,
        "destination_path": path_rules.target_of(arguments.any_url),
        "source_conn_id": arguments.text,
        "destination_conn_id": arguments.text,
        "compare": arguments.one_of("size_and_time", "size", "checksum"),
        "include": arguments.globs,
        "exclude": arguments.globs,
        **dict.fromkeys((*flags, "preview"), arguments.flag),
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

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
        self.judge()

    def judge(self, *, at_parse: bool = True) -> None:
        """Apply the rules, and look for a lake."""
        super().judge(at_parse=at_parse)
        ends = (self.source_path, self.destination_path)
        if all(arguments.is_known(end) and end is not None and not is_lake(end) for end in ends):
            raise ValueError(
                f"{type(self).__name__} {self.task_id!r}, argument 'destination_path': neither it nor"
                " source_path is in a lake, as /raw and adl://account/raw are"
            )

    def judge_together(self) -> None:
        """Nothing is made like what it is in, nor deleted by being in what is made like it."""
        path_rules.refuse_inside(self, "source_path", "destination_path")
        if self.delete is True:
            path_rules.refuse_inside(self, "destination_path", "source_path")

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Make the tree like the other, or say what would be done."""
        return hook.sync(
            self.source_path,
            self.destination_path,
            source_conn_id=self.source_conn_id,
            destination_conn_id=self.destination_conn_id,
            compare=self.compare,
            include=self.include,
            exclude=self.exclude,
            preview=preview,
            **{name: getattr(self, name) for name in self.flags},
        )
