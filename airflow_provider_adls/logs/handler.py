"""`ADLSGen1TaskHandler`: the handler of task logs on Airflow 2.11, which has no `RemoteLogIO`."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.utils.log.file_task_handler import FileTaskHandler

from airflow_provider_adls.logs.remote import ADLSGen1RemoteLogIO

if TYPE_CHECKING:
    from logging import FileHandler


class ADLSGen1TaskHandler(FileTaskHandler):
    """Writes a task's log to this machine, uploads it when the task or its trigger ends, and reads it again.

    :param base_log_folder: folder of the local logs.
    :param remote_base: URL of the directory in the lake.
    :param delete_local_copy: whether uploaded logs are removed from this machine.
    :param kwargs: of `FileTaskHandler`: ``max_bytes``, ``backup_count``, ``delay``.
    """

    # A trigger has a handler, and so a file, of its own.
    trigger_should_wrap = True

    def __init__(
        self, base_log_folder: str, remote_base: str, *, delete_local_copy: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(base_log_folder, **kwargs)
        self.handler: FileHandler | None = None
        self.io = ADLSGen1RemoteLogIO(remote_base, base_log_folder, delete_local_copy)
        self._upload: Path | None = None

    def set_context(self, ti: Any, *, identifier: str | None = None) -> Any:
        """Begin the log of a task instance, or of its trigger."""
        result = super().set_context(ti, identifier=identifier)
        assert self.handler
        # Two processes of a task write one file; the raw one ends first.
        if getattr(ti, "is_trigger_log_context", False) or not getattr(ti, "raw", None):
            self._upload = Path(self.handler.baseFilename)
        return result

    def close(self) -> None:
        """Close the local log, and upload it; Airflow calls this more than once."""
        super().close()  # type: ignore[no-untyped-call] # Airflow's has no types
        path, self._upload = self._upload, None
        if path is not None:
            # With max_bytes a long log is in several files.
            for part in (path, *path.parent.glob(f"{glob.escape(path.name)}.[0-9]*")):
                self.io.upload(part)

    def _read_remote_logs(
        self, ti: Any, try_number: int, metadata: Any = None
    ) -> tuple[list[str], list[str]]:
        del metadata
        sources, logs = self.io.read(self._render_filename(ti, try_number), ti)
        if logs is None and not sources:
            sources = [f"No logs of this try are in {self.io.remote_base}"]
        return sources, logs or []
