"""Elements of the XML that the Blob face answers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from airflow_provider_adls.emulator.faces.asks import Reply
from airflow_provider_adls.emulator.gen2.errors import refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HEAD = '\ufeff<?xml version="1.0" encoding="utf-8"?>'


def element(name: str, *parts: str, **attributes: str) -> str:
    """Return an element with parts that are XML already; an empty one is written in short (recorded)."""
    opening = name + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    content = "".join(parts)
    return f"<{opening}>{content}</{name}>" if content else f"<{opening} />"


def leaf(name: str, text: object) -> str:
    """Return an element that holds a text."""
    return element(name, escape(str(text)))


def leaves(pairs: Iterable[tuple[str, object]]) -> str:
    """Return elements that hold texts; None leaves one out."""
    return "".join(leaf(name, text) for name, text in pairs if text is not None)


def metadata(values: Mapping[str, str]) -> str:
    """Return metadata."""
    return element("Metadata", leaves(values.items()))


def parsed(body: bytes) -> ET.Element:
    """Return the root element of a request's document.

    :raises StorageError: for what is not one.
    """
    if b"<!" in body:
        # No document of this service has a declaration, and entities are a way to do harm.
        raise refused("InvalidXmlDocument")
    try:
        return ET.fromstring(body)  # noqa: S314 - without declarations there are no entities
    except ET.ParseError:
        raise refused("InvalidXmlDocument") from None


def reply(content: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an answer with an XML document."""
    body = (_HEAD + content).encode("utf-8", "surrogatepass")
    return Reply(200, {"Content-Type": "application/xml", **(headers or {})}, body)
