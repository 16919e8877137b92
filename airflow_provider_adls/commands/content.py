"""`cat` and `head`: what is in files, to the standard output."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from airflow_provider_adls.commands.command import Failures, command, path_arguments, signing_in
from airflow_provider_adls.commands.output import Output

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from airflow_provider_adls.commands.sign_in import Session

_BLOCK = 4 * 2**20
#: The first block of `head`: most files' first lines are in it.
_FIRST = 64 * 2**10


@command(
    "cat",
    examples="adls-gen1 cat /raw/day.csv | wc -l\nadls-gen1 cat '/raw/part-*.gz' | gunzip",
)
@path_arguments()
@signing_in
def cat(session: Session, paths: tuple[str, ...]) -> None:
    """Print files as they are, one after the other."""
    print_files(session, paths)


def print_files(session: Session, paths: Iterable[str]) -> None:
    """Print files, and what globs match, to the standard output."""
    from airflow_provider_adls.commands.lake import expanded

    out = Output.of_command()
    failures = Failures()
    for path in paths:
        with failures.noted():
            for one in expanded(session.lake, [path]):
                for block in _blocks(session, one, _BLOCK):
                    out.write(block)
    failures.end()


@command("head", examples="adls-gen1 head -n 1 /raw/day.csv\nadls-gen1 head -c 16 /raw/day.parquet | xxd")
@click.option(
    "-n", "--lines", type=click.IntRange(min=0), default=10, show_default=True, help="Print N lines."
)
@click.option("-c", "--bytes", "number", type=click.IntRange(min=0), help="Print N bytes instead.")
@path_arguments()
@signing_in
def head(session: Session, paths: tuple[str, ...], lines: int, number: int | None) -> None:
    """Print the first lines of files; no more of a file is read than holds them."""
    from airflow_provider_adls.commands.lake import expanded

    out = Output.of_command()
    failures = Failures()
    for path in paths:
        with failures.noted():
            for one in expanded(session.lake, [path]):
                with closing(_blocks(session, one, _FIRST)) as blocks:
                    for piece in _first_lines(blocks, lines) if number is None else _first(blocks, number):
                        out.write(piece)
    failures.end()


def _blocks(session: Session, path: str, first: int) -> Generator[bytes, None, None]:
    """Yield a file in blocks.

    :param first: bytes of the first block; the others have 4 MiB.
    :raises IsADirectoryError: for a directory.
    """
    from airflow_provider_adls.commands.lake import located

    filesystem, name = located(session.lake, path)
    with filesystem.open(name, "rb", cache_type="none") as file:
        size = first
        while block := file.read(size):
            yield block
            size = _BLOCK


def _first_lines(blocks: Iterator[bytes], number: int) -> Iterator[bytes]:
    if not number:
        return
    for block in blocks:
        ends = block.count(b"\n")
        if ends >= number:
            position = -1
            for _ in range(number):
                position = block.index(b"\n", position + 1)
            yield block[: position + 1]
            return
        number -= ends
        yield block


def _first(blocks: Iterator[bytes], number: int) -> Iterator[bytes]:
    while number > 0 and (block := next(blocks, b"")):
        yield block[:number]
        number -= len(block)
