"""Operators for the content of files: create from data, append, read, concatenate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.content import CONTENT_FORMATS, MAX_BYTES, ContentFormat, as_bytes
from airflow_provider_adls.lake.attributes import moment_or_span
from airflow_provider_adls.lake.joins import IF_EXISTS, IfExists
from airflow_provider_adls.lake.records import log_done
from airflow_provider_adls.model.paths import Location, parse
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import fixed, flag, is_known, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator, ADLSGen1PreviewOperator, work_of

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1CreateFileOperator(ADLSGen1PreviewOperator):
    """Write a file from data; it appears whole, with its permission and expiry, or not at all.

    .. code-block:: python

        ADLSGen1CreateFileOperator(
            task_id="report", path="/reports/{{ ds }}.json", data={"day": "{{ ds }}", "rows": 17}
        )

    :returns: ``path``, ``bytes``, and whether it was ``written`` or existed already; of a preview also
        whether a file would be ``overwritten``.
    """

    arguments = (
        templated("path", kinds.target_file, "the file", required=True, lineage="output"),
        templated(
            "data",
            kinds.data,
            "text, bytes, or a value that is written as JSON; templates in its strings are rendered",
            required=True,
        ),
        flag(
            "overwrite",
            "whether an existing file is replaced; if not, one with other bytes is an error, and one with "
            "the same bytes is not, as on a retry",
            alias="replace",
        ),
        fixed("encoding", kinds.encoding, "encoding of text and JSON", required=True),
        templated("permission", kinds.permission, "octal digits; None leaves it to the service"),
        templated(
            "expires_at",
            kinds.moment,
            "when the service deletes the file: a time with its zone, as an object or in ISO 8601, such as "
            "``{{ ts }}``",
        ),
        templated(
            "expires_in",
            kinds.span,
            "in place of that, how long the file is kept, as a timedelta or in seconds",
        ),
    )

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
        self.accept_alias("overwrite", "replace", replace, default=True)
        self.validate()

    def validate_together(self) -> None:
        """Refuse two expiries, and an encoding that cannot hold the data."""
        if None not in (self.expires_at, self.expires_in):
            raise self.error("expires_in", "has no meaning beside expires_at")
        _validate_encoding(self)

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
    r"""Append data to a file; a missing one is created.

    .. code-block:: python

        ADLSGen1AppendToFileOperator(task_id="log", path="/log/{{ ds }}.txt", data="{{ ts }} done\n")

    Retries append once: the offset is first noted in a hidden file beside the file, which is removed
    afterwards. The service refuses appends to a file that was concatenated from others.

    :returns: ``path``, the number of ``bytes``, and whether this try ``appended`` them and not an earlier
        one.
    """

    arguments = (
        templated("path", kinds.target_file, "the file", required=True, lineage="output"),
        templated(
            "data",
            kinds.data,
            "text, bytes, or a value that is written as JSON; templates in its strings are rendered",
            required=True,
        ),
        fixed("encoding", kinds.encoding, "encoding of text and JSON", required=True),
    )

    def __init__(self, *, path: str, data: Any, encoding: str = "utf-8", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.data = data
        self._written = data
        self.encoding = encoding
        self.validate()

    def validate_together(self) -> None:
        """Refuse an encoding that cannot hold the data."""
        _validate_encoding(self)

    def execute(self, context: Context) -> dict[str, Any]:
        """Append the data."""
        hook = self.hook_for_execution()
        return hook.append_to_file(
            self.path,
            _with_its_newline(self._written, self.data),
            encoding=self.encoding,
            once=work_of(context),
        )


class ADLSGen1ReadFileOperator(ADLSGen1Operator):
    """Read a small file into XCom.

    .. code-block:: python

        manifest = ADLSGen1ReadFileOperator(
            task_id="manifest", path="/raw/{{ ds }}/manifest.json", content_format="json"
        )
        Process.partial(task_id="process").expand(path=manifest.output)

    :returns: the content of the file.
    """

    arguments = (
        templated("path", kinds.lake_file, "the file", required=True, lineage="input"),
        fixed(
            "content_format",
            kinds.one_of(*CONTENT_FORMATS),
            "``text``; ``json``, whose value is the result; or ``base64``, for bytes that are not text",
            required=True,
        ),
        fixed("encoding", kinds.encoding, "encoding of text and JSON", required=True),
        templated(
            "max_bytes",
            kinds.count,
            "most bytes that the file may have; the default, 48 KiB, fits an XCom on every database",
            required=True,
        ),
    )

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
        self.validate()

    def execute(self, context: Context) -> Any:  # noqa: ARG002 - Airflow's signature
        """Read the file."""
        content = self.hook_for_execution().read_file(
            self.path,
            content_format=self.content_format,
            encoding=self.encoding,
            max_bytes=self.max_bytes,
        )
        log_done("Read", [self.path])
        return content


class ADLSGen1ConcatenateOperator(ADLSGen1PreviewOperator):
    """Concatenate files into one.

    .. code-block:: python

        ADLSGen1ConcatenateOperator(
            task_id="whole", source_path="/parts/{{ ds }}/*.csv", destination_path="/raw/{{ ds }}.csv"
        )

    The service does it in one request, whatever the size, and removes the sources; to keep them, they are
    copied through the worker. A retry finishes what an interrupted try began: the files are concatenated
    under a hidden name, which is then renamed.

    :returns: ``path``, its size in ``bytes``, and the number of ``files`` that this try concatenated; of a
        preview also ``paths``, the first 100 sources.
    """

    arguments = (
        templated(
            "source_path",
            kinds.lake_paths,
            "a glob, whose matches are sorted by name, or a list, in its order",
            required=True,
            lineage="input",
        ),
        templated(
            "destination_path",
            kinds.target_file,
            "the new file, in the same account",
            required=True,
            lineage="output",
        ),
        fixed(
            "if_exists",
            kinds.one_of(*IF_EXISTS),
            "for an existing destination: ``fail``, ``overwrite``, or ``append`` the sources to it",
            required=True,
        ),
        flag(
            "keep_sources",
            "whether the sources are kept. A retry then meets the file of an earlier try, which only "
            "``overwrite`` accepts; ``append`` is refused, since it would append twice",
        ),
    )

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
        self.validate()

    def validate_together(self) -> None:
        """Refuse appending sources that are kept, and a path that is named twice."""
        if self.keep_sources is True and self.if_exists == "append":
            raise self.error("keep_sources", "with append, a retry would append twice")
        if isinstance(self.source_path, (str, list, tuple)) and is_known(self.source_path):
            given = [self.source_path] if isinstance(self.source_path, str) else self.source_path
            self._validate_sources([parse(path) for path in given])

    def _validate_sources(self, sources: list[Location]) -> None:
        if not sources:
            raise self.error("source_path", "must name a file")
        source, times = Counter(sources).most_common(1)[0]
        if times > 1:
            raise self.error("source_path", f"{source.url()} is listed twice")
        if not isinstance(self.destination_path, str) or not is_known(self.destination_path):
            return
        destination = parse(self.destination_path)
        if destination in sources:
            raise self.error("destination_path", f"{destination.url()} is among the sources")
        if self.keep_sources is False:
            for source in sources:
                self.refuse_other_account("destination_path", source, destination)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Concatenate the files."""
        return hook.join_files(
            self.source_path,
            self.destination_path,
            if_exists=self.if_exists,
            keep_sources=self.keep_sources,
            preview=preview,
        )


def _validate_encoding(operator: ADLSGen1CreateFileOperator | ADLSGen1AppendToFileOperator) -> None:
    if is_known([operator.data, operator.encoding]):
        try:
            as_bytes(operator.data, operator.encoding)
        except UnicodeError as error:
            raise operator.error("encoding", str(error)) from None


def _with_its_newline(written: Any, rendered: Any) -> Any:
    """Return the text with the line break at its end that Jinja removes."""
    if not (isinstance(written, str) and isinstance(rendered, str)):
        return rendered
    lost = len(written) - len(written.rstrip("\n")) - (len(rendered) - len(rendered.rstrip("\n")))
    return rendered + "\n" if lost == 1 else rendered
