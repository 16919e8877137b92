"""`TablesMixin`: rows of a database into a file, and files into a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, cast

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.places import NAMED
from airflow_provider_adls.lake.written import WrittenAttributes
from airflow_provider_adls.model.paths import parse

if TYPE_CHECKING:
    from airflow_provider_adls.sql.database import Database


class TablesMixin(PlacesMixin):
    """The hook's methods for rows of databases."""

    log: Any

    def write_query(
        self,
        database: Database,
        sql: str,
        path: str,
        *,
        parameters: Any = None,
        file_format: str | None = None,
        header: bool = True,
        overwrite: bool = True,
        chunk_rows: int = 10_000,
        fail_unless_kept: bool = False,
        **attributes: Any,
    ) -> dict[str, Any]:
        """Write the rows of a query into a file, which appears whole or not at all.

        :param file_format: ``csv``, ``jsonl`` or ``parquet``; None for what the end of the path says.
        :param header: whether the first line of CSV has the names of the columns.
        :param chunk_rows: rows that are in memory at once.
        :param fail_unless_kept: whether it is an error if an attribute of `keep` was refused.
        :param attributes: ``permission``, ``acl``, ``expires_in`` and ``keep`` of `WrittenAttributes.of`,
            which the file has when it appears.
        :returns: ``path``, ``rows``, ``bytes`` and ``columns``; with ``keep`` also what was ``kept``.
        :raises PathExistsError: if the file exists and may not be overwritten.
        """
        from airflow_provider_adls.sql.copies import query_to_file
        from airflow_provider_adls.sql.formats import layout

        how = layout(path, file_format, header=header)
        written = WrittenAttributes.of(**attributes)
        place = self.place(path)
        prepare = written.preparation(place.client, place.path, in_parts=True)
        columns, rows = query_to_file(
            database,
            sql,
            parameters,
            lambda: self._opened(path, "wb" if overwrite else "xb", prepare=prepare),
            how,
            chunk_rows=chunk_rows,
        )
        size = run(place.client.status(place.path)).length
        self.log.info("Wrote %d rows of %d columns, %d bytes, to %s", rows, len(columns), size, path)
        summary = {"path": path, "rows": rows, "bytes": size, "columns": columns}
        return written.conclude(summary, self.log.info, fail_unless_kept=fail_unless_kept)

    def load_table(
        self,
        path: str | Sequence[str],
        database: Database,
        table: str,
        *,
        columns: Sequence[str] | None = None,
        types: Mapping[str, str] | None = None,
        preoperator: str | Sequence[str] | None = None,
        file_format: str | None = None,
        header: bool = True,
        ignore_if_missing: bool = False,
        chunk_rows: int = 10_000,
    ) -> dict[str, Any]:
        """Insert the rows of files into a table, in one transaction.

        :param path: a file, a glob, or a list of files.
        :returns: ``table``, ``rows``, ``files`` and the first 100 ``paths``.
        :raises FileNotFoundError: if the path or glob matches no file, unless that is ignored.
        :raises ValueError: naming the file and the row, for content that is not of the format.
        """
        from airflow_provider_adls.sql.copies import files_to_table
        from airflow_provider_adls.sql.formats import layout

        files = [place.name for place in self._selected(path)]
        if not files and not ignore_if_missing:
            raise FileNotFoundError(f"no file matches {path}")
        rows = files_to_table(
            database,
            files,
            lambda name: self._opened(name, "rb"),
            [layout(name, file_format, header=header) for name in files],
            table,
            columns=columns,
            types=types or {},
            preoperator=preoperator,
            chunk_rows=chunk_rows,
        )
        self.log.info("Inserted %d rows of %d files into %s: %s", rows, len(files), table, files[:NAMED])
        return {"table": table, "rows": rows, "files": len(files), "paths": files[:NAMED]}

    def _opened(self, path: str, mode: str, **options: Any) -> IO[bytes]:
        location = parse(path)
        file = self.filesystem_of(location.account).open(location.path, mode, **options)
        return cast("IO[bytes]", file)
