"""Operators for what is in files: written from data, added to, read, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.filesystem.joins import IF_EXISTS, IfExists
from airflow_provider_adls.hooks.content import CONTENT_FORMATS, MAX_BYTES, ContentFormat, as_bytes
from airflow_provider_adls.hooks.expiry import moment_or_span
from airflow_provider_adls.model.paths import Location, parse
from airflow_provider_adls.operators import arguments, file_rules, path_rules
from airflow_provider_adls.operators.arguments import ADLSGen1Operator
from airflow_provider_adls.operators.once import work_of
from airflow_provider_adls.operators.preview import ADLSGen1PreviewOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1CreateFileOperator(ADLSGen1PreviewOperator):
    """Write a file from data; it comes into view whole, with its permission and expiry, or not at all.

    .. code-block:: python

        ADLSGen1CreateFileOperator(
            task_id="report", path="/reports/{{ ds }}.json", data={"day": "{{ ds }}", "rows": 17}
        )

    :param path: the file. (templated)
    :param data: text, bytes, or a value that is written as JSON. Text in it is templated. (templated)
    :param overwrite: False if the file may not be there yet, unless it holds the same bytes, as it does for
        a task that is tried again.
    :param replace: the official operators' name for ``overwrite``.
    :param encoding: of text and JSON.
    :param permission: octal digits; None leaves it to the service. (templated)
    :param expires_at: when the service is to delete the file: a time with its zone, or the same in ISO 8601,
        ``{{ ts }}`` for instance. (templated)
    :param expires_in: in place of that how long it stays, as a timedelta or in seconds. (templated)
    :param preview: whether nothing is written, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``path``, ``bytes``, and whether it was ``written`` or was there already; of a preview also
        whether a file would be ``overwritten``.
    """

    template_fields: Sequence[str] = (
        "path",
        "data",
        "permission",
        "expires_at",
        "expires_in",
        "account_name",
        "adls_gen1_conn_id",
    )
    writes = ("path",)
    needed = ("path", "data", "overwrite", "encoding", "preview", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": path_rules.target_file,
        "data": file_rules.data,
        "overwrite": arguments.flag,
        "encoding": file_rules.encoding,
        "permission": arguments.permission,
        "expires_at": file_rules.moment,
        "expires_in": file_rules.span,
        "preview": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        path: str,
        data: Any,
        overwrite: bool = True,
        replace: bool | None = None,
        encoding: str = "utf-8",
        permission: str | None = None,
        expires_at: datetime | str | None = None,
        expires_in: timedelta | float | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.data = data
        self._written = data
        self.overwrite = overwrite
        self.encoding = encoding
        self.permission = permission
        self.expires_at = expires_at
        self.expires_in = expires_in
        self.also_called("overwrite", "replace", replace, default=True)
        self.judge()

    def judge_together(self) -> None:
        """A file expires once, and the encoding has all that is in the data."""
        if None not in (self.expires_at, self.expires_in):
            raise self.wrong("expires_in", "has no meaning beside expires_at")
        _judge_encoding(self)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Write the file."""
        never = self.expires_at is self.expires_in is None
        return hook.write_file(
            self.path,
            _with_its_newline(self._written, self.data),
            overwrite=self.overwrite,
            encoding=self.encoding,
            permission=self.permission,
            expires=None if never else moment_or_span(self.expires_at, self.expires_in),
            preview=preview,
        )


class ADLSGen1AppendToFileOperator(ADLSGen1Operator):
    r"""Add data to the end of a file, which is made if it is not there.

    .. code-block:: python

        ADLSGen1AppendToFileOperator(task_id="log", path="/log/{{ ds }}.txt", data="{{ ts }} done\n")

    It is done once however often the task is tried: where it begins is written to a hidden file beside the
    file before, which is removed afterwards. The service lets nobody append to a file that was put together
    from others.

    :param path: the file. (templated)
    :param data: text, bytes, or a value that is written as JSON. Text in it is templated. (templated)
    :param encoding: of text and JSON.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``path``, ``bytes`` that were added, and whether they were ``appended`` now, and not by an
        earlier try.
    """

    template_fields: Sequence[str] = ("path", "data", "account_name", "adls_gen1_conn_id")
    writes = ("path",)
    needed = ("path", "data", "encoding", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": path_rules.target_file,
        "data": file_rules.data,
        "encoding": file_rules.encoding,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, path: str, data: Any, encoding: str = "utf-8", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.data = data
        self._written = data
        self.encoding = encoding
        self.judge()

    def judge_together(self) -> None:
        """The encoding has all that is in the data."""
        _judge_encoding(self)

    def execute(self, context: Context) -> dict[str, Any]:
        """Add the data."""
        hook = self.hook_for_execution()
        return hook.append_to_file(
            self.path,
            _with_its_newline(self._written, self.data),
            encoding=self.encoding,
            once=work_of(context),
        )


class ADLSGen1ReadFileOperator(ADLSGen1Operator):
    """Read a small file, for other tasks to work with.

    .. code-block:: python

        manifest = ADLSGen1ReadFileOperator(
            task_id="manifest", path="/raw/{{ ds }}/manifest.json", content_format="json"
        )
        Process.partial(task_id="process").expand(path=manifest.output)

    :param path: the file. (templated)
    :param content_format: ``text``; ``json``, of which the value is the result; or ``base64``, for bytes that
        are no text.
    :param encoding: of text and JSON.
    :param max_bytes: most that the file may have. The default, 48 KiB, is what an XCom holds on every
        database.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: what is in the file.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    reads = ("path",)
    needed = ("path", "content_format", "encoding", "max_bytes", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": path_rules.file,
        "content_format": arguments.one_of(*CONTENT_FORMATS),
        "encoding": file_rules.encoding,
        "max_bytes": file_rules.number,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        path: str,
        content_format: ContentFormat = "text",
        encoding: str = "utf-8",
        max_bytes: int = MAX_BYTES,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.content_format: ContentFormat = content_format
        self.encoding = encoding
        self.max_bytes = max_bytes
        self.judge()

    def execute(self, context: Context) -> Any:  # noqa: ARG002 - Airflow's signature
        """Read the file."""
        return self.hook_for_execution().read_file(
            self.path,
            content_format=self.content_format,
            encoding=self.encoding,
            max_bytes=self.max_bytes,
        )


class ADLSGen1ConcatenateOperator(ADLSGen1PreviewOperator):
    """Put files together into one.

    .. code-block:: python

        ADLSGen1ConcatenateOperator(
            task_id="whole", source_path="/parts/{{ ds }}/*.csv", destination_path="/raw/{{ ds }}.csv"
        )

    The service does it by one request whatever their size, and takes the sources away. They are kept by
    copying them through the worker. A try that was broken off is finished by the next: the files are put
    together under a hidden name first, which then becomes the destination.

    :param source_path: a glob, whose matches go by their names, or a list, in its order. (templated)
    :param destination_path: the file that they become, in the same account. (templated)
    :param if_exists: what becomes of one that is there: ``fail``, ``overwrite``, or ``append``, which leaves
        it before the sources.
    :param keep_sources: whether the sources stay. Tried again, the task then meets the file that it made,
        which is right with ``overwrite``; with ``append`` it would be added to twice, which is refused.
    :param preview: whether nothing is done, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``path``, ``bytes`` that it has now, and ``files`` that were put together now; of a preview also
        ``paths``, the first 100 sources.
    """

    template_fields: Sequence[str] = ("source_path", "destination_path", "account_name", "adls_gen1_conn_id")
    reads = ("source_path",)
    writes = ("destination_path",)
    needed = (
        "source_path",
        "destination_path",
        "if_exists",
        "keep_sources",
        "preview",
        "adls_gen1_conn_id",
    )
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "source_path": arguments.lake_paths,
        "destination_path": path_rules.target_file,
        "if_exists": arguments.one_of(*IF_EXISTS),
        "keep_sources": arguments.flag,
        "preview": arguments.flag,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        source_path: str | Sequence[str],
        destination_path: str,
        if_exists: IfExists = "fail",
        keep_sources: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.destination_path = destination_path
        self.if_exists: IfExists = if_exists
        self.keep_sources = keep_sources
        self.judge()

    def judge_together(self) -> None:
        """What is appended must go, and the sources differ, from the destination too."""
        if self.keep_sources is True and self.if_exists == "append":
            raise self.wrong("keep_sources", "with append, a task that is tried again would append twice")
        if isinstance(self.source_path, (str, list, tuple)) and arguments.is_known(self.source_path):
            given = [self.source_path] if isinstance(self.source_path, str) else self.source_path
            self._judge_sources([parse(path) for path in given])

    def _judge_sources(self, sources: list[Location]) -> None:
        if not sources:
            raise self.wrong("source_path", "must name a file")
        source, times = Counter(sources).most_common(1)[0]
        if times > 1:
            raise self.wrong("source_path", f"{source.url()} stands twice")
        if not isinstance(self.destination_path, str) or not arguments.is_known(self.destination_path):
            return
        destination = parse(self.destination_path)
        if destination in sources:
            raise self.wrong("destination_path", f"{destination.url()} is among the sources")
        if self.keep_sources is False:
            for source in sources:
                path_rules.refuse_other_account(self, "destination_path", source, destination)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Put the files together."""
        return hook.join_files(
            self.source_path,
            self.destination_path,
            if_exists=self.if_exists,
            keep_sources=self.keep_sources,
            preview=preview,
        )


def _judge_encoding(operator: ADLSGen1CreateFileOperator | ADLSGen1AppendToFileOperator) -> None:
    if arguments.is_known([operator.data, operator.encoding]):
        try:
            as_bytes(operator.data, operator.encoding)
        except UnicodeError as error:
            raise operator.wrong("encoding", str(error)) from None


def _with_its_newline(written: Any, rendered: Any) -> Any:
    """Text with the line break at its end that Jinja takes away: it is the end of a file's last line."""
    if not (isinstance(written, str) and isinstance(rendered, str)):
        return rendered
    lost = len(written) - len(written.rstrip("\n")) - (len(rendered) - len(rendered.rstrip("\n")))
    return rendered + "\n" if lost == 1 else rendered
