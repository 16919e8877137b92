"""The ready file: says that an emulator runs, where, and how to sign in."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.files import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


@contextlib.contextmanager
def announced(ready: Mapping[str, str], paths: Iterable[Path]) -> Iterator[None]:
    """Keep ready files at the paths as long as the block runs.

    A file that another emulator has put in place of ours is left to it.

    :raises EmulatorError: if one cannot be written.
    """
    content = (json.dumps(ready, indent=2) + "\n").encode()
    with contextlib.ExitStack() as written:
        for path in paths:
            try:
                write_private(path, content)
            except OSError as error:
                raise EmulatorError(f"ready file {path} cannot be written: {error.strerror}") from error
            written.callback(_remove, path, content)
        yield


def _remove(path: Path, content: bytes) -> None:
    with contextlib.suppress(OSError):
        if path.read_bytes() == content:
            path.unlink()
