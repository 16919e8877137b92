"""Checks of a body's members, each with 400 for one of another type or an unknown name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from airflow_provider_adls.emulator.arm.errors import content_invalid

#: Members of a resource that say what the path says too.
_REDUNDANT = ("id", "name", "type")


def resource(body: object, known: Collection[str]) -> dict[str, Any]:
    """Return the members of a body that describes a resource.

    :param known: members that the operation takes, beside those that the path says too.
    """
    if not isinstance(body, dict):
        raise content_invalid("The body is not a JSON object")
    check_names("ResourceDefinition", body, (*known, *_REDUNDANT))
    return body


def members(name: str, value: object, known: Collection[str] | None = None) -> dict[str, Any]:
    """Return the members of an object; an empty mapping without an object.

    :param known: names that they can have; None for any.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise content_invalid(f"The member '{name}' is not an object")
    if known is not None:
        check_names(name, value, known)
    return value


def check_names(kind: str, names: Iterable[str], known: Collection[str]) -> None:
    """Check that an object has no other members than the known ones."""
    for name in names:
        if name not in known:
            raise content_invalid(f"Could not find member '{name}' on object of type '{kind}'")


def text(name: str, value: object) -> str | None:
    """Return a text, or None without one."""
    if not isinstance(value, str | None):
        raise content_invalid(f"The member '{name}' is not a string")
    return value


def texts(name: str, value: object) -> dict[str, str] | None:
    """Return texts by name, as tags and metadata are; None without them."""
    if value is None:
        return None
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise content_invalid(f"The member '{name}' is not an object of strings")
    return value


def choice(value: object, choices: Iterable[str]) -> str | None:
    """Return the choice that a text names in any case; None if it names none."""
    wanted = value.lower() if isinstance(value, str) else None
    return next((each for each in choices if each.lower() == wanted), None)
