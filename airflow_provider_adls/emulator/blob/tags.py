"""Tags of a blob: names and values, as XML or as a query string."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from airflow_provider_adls.emulator.blob import xml
from airflow_provider_adls.emulator.faces.asks import Ask, Reply
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import attributes, properties
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall

#: Tags of a blob, and characters of a name and of a value, at most (docs, "Set Blob Tags").
MAX_TAGS, MAX_KEY, MAX_VALUE = 10, 128, 256


def set_tags(call: FileCall, ask: Ask) -> Reply:
    """Replace the tags of a blob."""
    pairs = [
        ((tag.findtext("Key") or ""), (tag.findtext("Value") or ""))
        for tag in xml.parsed(ask.body.document).iter("Tag")
    ]
    attributes.set_tags(call, ask.path, _conditions(ask), checked(pairs), ask.lease)
    return Reply(204)


def get_tags(call: FileCall, ask: Ask) -> Reply:
    """Return the tags of a blob."""
    node = attributes.look(call, ask.path, _conditions(ask), ask.lease)
    tags = properties.of(node).get(properties.TAGS, {})
    parts = (xml.element("Tag", xml.leaves([("Key", key), ("Value", tags[key])])) for key in sorted(tags))
    return xml.reply(xml.element("Tags", xml.element("TagSet", *parts)))


def _conditions(ask: Ask) -> Conditions:
    """Return the conditions of the request, which the newest clients write with a prefix."""
    prefixed = ask.conditions("x-ms-blob-")
    return ask.conditions() if prefixed == Conditions() else prefixed


def from_header(text: str) -> dict[str, str]:
    """Return the tags of a header `x-ms-tags`."""
    return checked(parse_qsl(text, keep_blank_values=True))


def checked(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return tags by name.

    :raises StorageError: if there are too many, or one is too long.
    """
    tags = dict(pairs)
    if len(pairs) > MAX_TAGS or len(tags) != len(pairs):
        raise refused("InvalidTags")
    if any(not 0 < len(key) <= MAX_KEY or len(value) > MAX_VALUE for key, value in pairs):
        raise refused("InvalidTags")
    return tags
