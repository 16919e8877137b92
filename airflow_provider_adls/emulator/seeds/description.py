r"""A description of what an account holds: JSON or YAML, an object of paths.

/raw:                            # a directory
acl: default:user:6f3a1c52-8f0e-4d0b-9c54-1f0a7e2d9b31:r-x
/raw/day.csv:
content: "order,pieces\n1,9\n"
permission: "640"
expires_in: 86400
/raw/big.bin:
source: files/big.bin          # of this machine, beside the description
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.seeds.items import Item, SeedError, file, placed, tree
from airflow_provider_adls.model.acl import parse_spec, permission

if TYPE_CHECKING:
    from collections.abc import Callable

YAML = {".yaml", ".yml"}
SUFFIXES = YAML | {".json"}


def described(description: Path, under: str) -> list[Item]:
    """What a description names, in its order.

    :param under: directory of the account that its paths are in.
    :raises SeedError: naming the path and the field that is wrong.
    """
    found = _load(description)
    if not isinstance(found, dict):
        raise SeedError(f"{description}: it must be an object of paths, not {type(found).__name__}")
    items: list[Item] = []
    for path, fields in found.items():
        where = f"{description}: {path}"
        if not isinstance(path, str) or not path.startswith("/"):
            raise SeedError(f"{where}: a path begins with /")
        items += _items(placed(f"{under}{path}", where), fields, description.parent, where)
    return items


def _load(description: Path) -> Any:
    try:
        text = description.read_text("utf-8")
    except OSError as error:
        raise SeedError(f"{description} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise SeedError(f"{description} is not UTF-8") from None
    if description.suffix.lower() not in YAML:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SeedError(f"{description} is not JSON: {error}") from None
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise SeedError(f"{description} is not YAML: {' '.join(str(error).split())}") from None


def _items(path: str, fields: object, folder: Path, where: str) -> list[Item]:
    given = {} if fields is None else fields
    if not isinstance(given, dict):
        raise SeedError(f"{where}: it must be an object of fields, or nothing, not {fields!r}")
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _FIELDS and name not in {"content", "source"}:
            known = ", ".join(("content", "source", *_FIELDS))
            raise SeedError(f"{where}: there is no field {name}, only {known}")
        if name in _FIELDS:
            try:
                values[name] = _FIELDS[name](value)
            except ValueError as error:
                raise SeedError(f"{where}: {name}: {error}") from None
    if "content" in given and "source" in given:
        raise SeedError(f"{where}: content and source exclude each other")
    if "expires" in values and "expires_in" in values:
        raise SeedError(f"{where}: expires and expires_in exclude each other")
    first, *rest = _taken(path, given, folder, where)
    if first.content is None and values.keys() & {"expires", "expires_in"}:
        raise SeedError(f"{where}: a directory does not expire")
    return [dataclasses.replace(first, **values), *rest]


def _taken(path: str, given: dict[str, Any], folder: Path, where: str) -> list[Item]:
    """What is at the path, without its properties; below a directory of this machine, all that it holds."""
    if "content" in given:
        if not isinstance(given["content"], str):
            raise SeedError(f"{where}: content must be text, not {given['content']!r}")
        return [Item(path=path, content=given["content"].encode())]
    if "source" in given:
        if not isinstance(given["source"], str):
            raise SeedError(f"{where}: source must be a path of this machine, not {given['source']!r}")
        source = folder / Path(given["source"]).expanduser()
        return tree(source, path) if source.is_dir() else [file(source, path)]
    return [Item(path=path)]


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"it must be text, not {value!r}")
    return value.strip()


def _permission(value: object) -> str:
    # YAML reads 0640 without quotes as 416.
    if not isinstance(value, str):
        raise ValueError(  # noqa: TRY004 - told as the rest
            f'it must be octal digits in quotes, as in "750", not {value!r}'
        )
    permission(value)
    return value


def _acl(value: object) -> str:
    text = _text(value)
    parse_spec(text)
    return text


def _expires(value: object) -> int:
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, dt.datetime):
        raise ValueError(f"{value!r} is no date: 2027-01-31T12:00:00Z is one")  # noqa: TRY004 - told as the rest
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no time zone: 2027-01-31T12:00:00Z has one")
    return int(moment.timestamp() * 1000)


def _expires_in(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e11:
        raise ValueError(f"it must be a number of seconds, more than 0, not {value!r}")
    return int(value * 1000)


_FIELDS: dict[str, Callable[[object], Any]] = {
    "permission": _permission,
    "acl": _acl,
    "owner": _text,
    "group": _text,
    "expires": _expires,
    "expires_in": _expires_in,
}
