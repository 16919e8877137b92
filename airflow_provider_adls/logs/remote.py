"""`ADLSGen1RemoteLogIO`: uploads task logs for Airflow, and reads them again."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from airflow.providers.common.compat.sdk import conf

from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.model.paths import Location, join, parse, possible_name

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient

logger = logging.getLogger(__name__)
#: Most bytes of a log that are held at once where Airflow wants it in one piece, as 2.11 does.
MAX_READ = 32 * 2**20
#: Seconds that a lake has which has failed a moment ago, so that a triggerer goes on with its triggers.
SHORT_PATIENCE = 2.0
#: Seconds that such a failure is remembered.
MEMORY = 60.0
#: Options of `remote_task_handler_kwargs` that are ours; the others are those of Airflow's file handler.
OPTIONS = frozenset({"delete_local_copy"})


class ADLSGen1RemoteLogIO:
    """Task logs in a lake, as `[logging] remote_base_log_folder = adl://account/logs` says.

    None of its methods raises, for that would end a triggerer of Airflow 3.1. An upload that fails leaves the
    local log as it was, with one more line.

    :param remote_base: URL of the directory in the lake, or a path of the connection's account.
    :param base_log_folder: folder of the local logs.
    :param delete_local_copy: whether uploaded logs are removed from this machine; else they are emptied.
    :param conn_id: id of the connection; None for `[logging] remote_log_conn_id`.
    :raises PathError: if `remote_base` is not a place in a lake.
    """

    #: Airflow lets them see each line that is written; ours need not.
    processors: Sequence[Any] = ()

    def __init__(
        self,
        remote_base: str,
        base_log_folder: str | Path,
        delete_local_copy: bool = False,  # noqa: FBT001, FBT002 - as the other providers' have it
        conn_id: str | None = None,
    ) -> None:
        self.remote_base = remote_base
        self.base_log_folder = Path(base_log_folder)
        self.delete_local_copy = delete_local_copy
        self.conn_id = conn_id
        self._base = parse(remote_base)
        self._failed = -MEMORY

    @classmethod
    def from_config(cls) -> Self:
        """Make one as the section `[logging]` says.

        :raises PathError: if the folder is not a place in a lake.
        """
        options = handler_options()
        return cls(
            remote_base=conf.get_mandatory_value("logging", "remote_base_log_folder"),
            base_log_folder=os.path.expanduser(conf.get_mandatory_value("logging", "base_log_folder")),  # noqa: PTH111 - as Airflow's own
            delete_local_copy=bool(
                options.get("delete_local_copy", conf.getboolean("logging", "delete_local_logs"))
            ),
        )

    def upload(self, path: os.PathLike[str] | str, ti: Any = None) -> None:  # noqa: ARG002 - Airflow's
        """Add a local log to its file in the lake.

        :param path: in the local folder of logs, or absolute.
        :param ti: not needed: the path says it.
        """
        local = self.base_log_folder / path
        if not local.resolve().is_relative_to(self.base_log_folder.resolve()):
            logger.warning("%s is not uploaded: it is not in %s", local, self.base_log_folder)
            return
        if not local.is_file():
            return
        try:
            self._upload(local)
            self._failed = -MEMORY
        # No failure of a log may be one of its task.
        except Exception as error:
            self._failed = time.monotonic()
            text = f"The log was not uploaded to {self.remote_base}: {_named(error)}"
            logger.warning("%s: %s", local, text, exc_info=True)
            _add_line(local, text)

    def stream(
        self,
        relative_path: str,
        ti: Any = None,  # noqa: ARG002 - Airflow's
    ) -> tuple[list[str], list[Generator[str, None, None]]]:
        """Find a try's log and those of its triggers.

        :returns: their URLs, and of each its lines, which are read as they are asked for. A failure is in the
            place of the URLs.
        """
        try:
            return self._stream(relative_path)
        # The page shows what else it finds.
        except Exception as error:
            logger.warning("no logs of %s from %s", relative_path, self.remote_base, exc_info=True)
            return [f"Could not read logs from {self.remote_base}: {_named(error)}"], []

    def read(self, relative_path: str, ti: Any = None) -> tuple[list[str], list[str] | None]:
        """Read the same as :meth:`stream`, each log in one piece.

        Of one with more than 32 MiB the last part is read, and its first line says so.

        :returns: URLs and texts, None for these where nothing was uploaded.
        """
        sources, streams = self.stream(relative_path, ti)
        return sources, [_tail(lines) for lines in streams] or None

    def _upload(self, local: Path) -> None:
        from airflow_provider_adls.hooks.running import run
        from airflow_provider_adls.logs.uploads import PATIENCE, add_log

        patience = PATIENCE if time.monotonic() - self._failed > MEMORY else SHORT_PATIENCE
        account, path = self._place(local.relative_to(self.base_log_folder).as_posix())
        client = self._client(account)

        try:
            add_log(client, path, local, remove=self.delete_local_copy, patience=patience)
        finally:
            run(client.close())

    def _stream(self, relative_path: str) -> tuple[list[str], list[Generator[str, None, None]]]:
        from airflow_provider_adls.hooks.running import run
        from airflow_provider_adls.logs.reading import log_files, log_lines

        account, path = self._place(relative_path)
        client = self._client(account)

        async def find() -> dict[str, int]:
            try:
                return await log_files(client, path)
            finally:
                await client.close()

        files = run(find())
        urls = [Location(client.lake, file).url() for file in files]
        return urls, [log_lines(client, file, size) for file, size in files.items()]

    def _place(self, relative_path: str) -> Location:
        names = [possible_name(name) for name in str(relative_path).split("/")]
        return self._base._replace(path=join(self._base.path, *names))

    def _client(self, account: str | None) -> DataLakeClient:
        """Return a client of the connection as it is now; a stored one may be another at each upload."""
        from airflow_provider_adls.client import Limits, RetryPolicy
        from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

        conn_id = self.conn_id or conf.get("logging", "remote_log_conn_id", fallback=None)
        hook = ADLSGen1Hook(conn_id or DEFAULT_CONNECTION_ID, account)
        limits = Limits(connections=2, connect_seconds=5.0, silence_seconds=10.0)
        access = replace(hook.access(), retry=RetryPolicy(attempts=4, total_seconds=15.0), limits=limits)
        return access.client(hook.account_name)


def handler_options() -> dict[str, Any]:
    """Return `[logging] remote_task_handler_kwargs`.

    :raises TypeError: if it is not a JSON object.
    """
    options = conf.getjson("logging", "remote_task_handler_kwargs", fallback={})
    if not isinstance(options, dict):
        raise TypeError(f"[logging] remote_task_handler_kwargs must be a JSON object, not {options!r}")
    return options


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _tail(lines: Generator[str, None, None]) -> str:
    from collections import deque

    kept: deque[str] = deque()
    size = dropped = 0
    for line in lines:
        kept.append(line)
        size += len(line) + 1
        while size > MAX_READ and len(kept) > 1:
            size -= len(kept.popleft()) + 1
            dropped += 1
    if dropped:
        kept.appendleft(f"{dropped} lines before these are in the file, and too many to be shown here.")
    return "\n".join(kept)


def _add_line(local: Path, text: str) -> None:
    """Add a line to a local log, in the form of its other lines."""
    try:
        with local.open("r+b") as file:
            is_json = file.read(1) == b"{"
            file.seek(0, os.SEEK_END)
            now = datetime.now(UTC)
            line = f"[{now.isoformat(timespec='milliseconds')}] {{remote.py}} WARNING - {text}"
            if is_json:
                fields = {"timestamp": now.isoformat(), "level": "warning", "event": text, "logger": __name__}
                line = json.dumps(fields)
            file.write(f"{line}\n".encode())
    except OSError:
        logger.debug("no line in %s", local, exc_info=True)
