"""`parts`: the content of a file, in pieces that a request may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def parts(source: Path) -> Iterator[bytes]:
    """Read a file in pieces that a request may hold; the first one may be empty."""
    try:
        with source.open("rb") as file:
            yield file.read(MAX_BODY)
            while part := file.read(MAX_BODY):
                yield part
    except OSError as error:
        raise EmulatorError(f"{source} cannot be read: {error.strerror}") from error
