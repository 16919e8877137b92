"""Which of its forms a seed has: a folder of this machine, or a description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.seeds.description import SUFFIXES, described
from airflow_provider_adls.emulator.seeds.items import Item, SeedError, placed, tree

if TYPE_CHECKING:
    from pathlib import Path


def read(source: Path, under: str) -> list[Item]:
    """All that is to be put into an account, checked.

    :param source: a folder, or a description.
    :param under: directory of the account that takes it.
    :raises SeedError: for what cannot be, before anything is sent.
    """
    if not under.startswith("/"):
        raise SeedError(f"--path must begin with /, not read {under}")
    under = placed(under, "--path").rstrip("/")
    if source.is_dir():
        return tree(source, under)
    if not source.exists():
        raise SeedError(f"there is no {source}")
    if source.suffix.lower() not in SUFFIXES:
        raise SeedError(f"{source} is neither a folder nor a description, whose name ends in .json or .yaml")
    return described(source, under)
