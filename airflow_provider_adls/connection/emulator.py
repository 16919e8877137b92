"""`ReadyEmulator`: URL and sign-in of an emulator on this machine, from its ready file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from airflow_provider_adls.model.clouds import Cloud, emulator_cloud
from airflow_provider_adls.model.errors import ConnectionFieldError

#: Environment variable with the path of a ready file, or the emulator's URL.
VARIABLE = "ADLS_GEN1_EMULATOR"
DEFAULT_READY_FILE = Path("~/.adls-gen1/ready.json")
_HOW_TO_START = (
    f"Start one with `adls-gen1 emulator start`; where it has a ready file of its own,"
    f" set {VARIABLE} to that file's path"
)


class ReadyEmulator(NamedTuple):
    """A running emulator.

    :param cloud: its endpoints.
    :param fields: fields of a connection that signs in there; unknown ones are left out.
    :param keys: the first key of each storage account that was made at its start, by name.
    """

    cloud: Cloud
    fields: dict[str, str]
    keys: dict[str, str]

    def key_of(self, account: str | None) -> str | None:
        """Return the key of a storage account; None if it is not known."""
        return self.keys.get(account or "")

    def __repr__(self) -> str:
        return f"ReadyEmulator(cloud={self.cloud!r}, fields={sorted(self.fields)})"


def find_emulator() -> ReadyEmulator:
    """Return the emulator that `ADLS_GEN1_EMULATOR` names, else the one of the default ready file.

    :raises ConnectionFieldError: if there is none, or its ready file is not one.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if named.startswith(("https://", "http://")):
        return ReadyEmulator(_cloud(named, VARIABLE), {}, {})
    path = (Path(named) if named else DEFAULT_READY_FILE).expanduser()
    try:
        ready = json.loads(path.read_text(encoding="utf-8"))
        # Read as JSON first and judged after, so that no error shows what the file holds.
        fields = {key: value for key, value in dict(ready).items() if isinstance(value, str) and value}
        url = fields.pop("url")
        keys = {name: str(account["key1"]) for name, account in ready.get("storage_accounts", {}).items()}
    except FileNotFoundError:
        raise ConnectionFieldError(
            f"cloud 'emulator': no emulator is ready: the file {path} does not exist. {_HOW_TO_START}",
            field="cloud",
        ) from None
    except OSError as error:
        raise ConnectionFieldError(
            f"cloud 'emulator': {path} cannot be read: {error.strerror}", field="cloud"
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ConnectionFieldError(
            f"cloud 'emulator': {path} is not an emulator's ready file. {_HOW_TO_START}", field="cloud"
        ) from None
    ca_file = fields.get("ca_file")
    if ca_file and not Path(ca_file).is_file():
        raise ConnectionFieldError(
            f"cloud 'emulator': the one of {path} has ended, and its CA file {ca_file} is gone."
            f" {_HOW_TO_START}",
            field="cloud",
        )
    return ReadyEmulator(_cloud(url, str(path)), fields, keys)


def _cloud(url: str, source: str) -> Cloud:
    try:
        return emulator_cloud(url)
    except ValueError as error:
        raise ConnectionFieldError(f"cloud 'emulator', from {source}: {error}", field="cloud") from None
