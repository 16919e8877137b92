"""The entry of the command line, `adls-gen1`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    :param argv: arguments; None for those of the process.
    :returns: exit status: 0 after what was asked for; `docs/command-line.md` lists the others.
    """
    from airflow_provider_adls.commands.program import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
