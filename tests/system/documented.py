"""The settings that a guide shows, as environment variables of Airflow."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def settings(page: str) -> dict[str, str]:
    """Return the variables that stand for the one part of `airflow.cfg` on a page.

    :param page: below the documentation's folder.
    """
    (text,) = re.findall(r"```ini\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    config = configparser.ConfigParser(interpolation=None)
    config.read_string(text)
    return {
        f"AIRFLOW__{name.replace('.', '_')}__{key}".upper(): value
        for name, section in config.items()
        for key, value in section.items()
    }
