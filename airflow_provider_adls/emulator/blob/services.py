"""The account itself on the Blob face: its kind, and the settings of its Blob service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.blob import xml
from airflow_provider_adls.emulator.faces.asks import Reply
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import service

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from airflow_provider_adls.emulator.faces.asks import Ask
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall

#: Elements that a setting may have, in the order of the answers (recorded); others hold text.
_METRICS = ("Version", "Enabled", "IncludeAPIs", "RetentionPolicy")
_ELEMENTS = {
    "Logging": ("Version", "Read", "Write", "Delete", "RetentionPolicy"),
    "HourMetrics": _METRICS,
    "MinuteMetrics": _METRICS,
    "RetentionPolicy": ("Enabled", "Days"),
    "Cors": ("CorsRule",),
    "CorsRule": ("AllowedMethods", "AllowedOrigins", "AllowedHeaders", "ExposedHeaders", "MaxAgeInSeconds"),
    "DeleteRetentionPolicy": ("Enabled", "Days", "AllowPermanentDelete"),
    "StaticWebsite": ("Enabled", "IndexDocument", "DefaultIndexDocumentPath", "ErrorDocument404Path"),
}
_OFF = xml.leaf("Enabled", "false")
_KEPT = xml.element("RetentionPolicy", xml.leaves([("Enabled", "true"), ("Days", 7)]))
_NOT_KEPT = xml.element("RetentionPolicy", _OFF)
_RETENTION = "DeleteRetentionPolicy"
#: Settings of a new account (recorded).
_DEFAULTS = {
    "Logging": xml.element(
        "Logging",
        xml.leaves([("Version", "1.0"), ("Read", "false"), ("Write", "false"), ("Delete", "false")]),
        _NOT_KEPT,
    ),
    "HourMetrics": xml.element(
        "HourMetrics", xml.leaves([("Version", "1.0"), ("Enabled", "true"), ("IncludeAPIs", "true")]), _KEPT
    ),
    "MinuteMetrics": xml.element("MinuteMetrics", xml.leaf("Version", "1.0"), _OFF, _NOT_KEPT),
    "Cors": xml.element("Cors"),
    _RETENTION: "",
    "StaticWebsite": xml.element("StaticWebsite", _OFF),
    "DefaultServiceVersion": "",
}
#: The first version whose answers say whether deleted paths can be removed for good. (Assumed.)
_SAYS_PERMANENT = "2020-02-10"


def account_information(call: FileCall, _ask: Ask) -> Reply:
    """Return the kind of the account: that it has a hierarchical namespace, above all."""
    return Reply(
        200,
        {"x-ms-sku-name": call.sku, "x-ms-account-kind": call.kind, "x-ms-is-hns-enabled": "true"},
    )


def service_properties(call: FileCall, ask: Ask) -> Reply:
    """Return the settings of the Blob service."""
    # The account's days count, which Resource Manager sets too.
    retention = xml.leaves(
        [
            ("Enabled", "false" if call.retention is None else "true"),
            ("Days", call.retention),
            ("AllowPermanentDelete", "false" if ask.version >= _SAYS_PERMANENT else None),
        ]
    )
    known = {**_DEFAULTS, **service.settings(call), _RETENTION: xml.element(_RETENTION, retention)}
    return xml.reply(xml.element("StorageServiceProperties", *(known[name] for name in _DEFAULTS)))


def set_service_properties(call: FileCall, ask: Ask) -> Reply:
    """Set those of the settings that the request names."""
    root = xml.parsed(ask.body.document)
    sections = {section.tag: section for section in root}
    if not set(sections) <= set(_DEFAULTS):
        raise refused("InvalidXmlDocument")
    texts = {name: _in_order(section) for name, section in sections.items()}
    service.change(call, texts, _days(sections.get(_RETENTION)))
    return Reply(202)


def _in_order(element: ET.Element) -> str:
    """Return a setting as answers write it, whatever the order of the request."""
    names = _ELEMENTS.get(element.tag)
    if names is None:
        if len(element):
            raise refused("InvalidXmlDocument")
        return xml.leaf(element.tag, (element.text or "").strip())
    parts = list(element)
    if not {part.tag for part in parts} <= set(names):
        raise refused("InvalidXmlDocument")
    return xml.element(element.tag, *map(_in_order, sorted(parts, key=lambda part: names.index(part.tag))))


def _days(section: ET.Element | None) -> int | None:
    if section is None:
        return None
    if (section.findtext("Enabled") or "").strip().lower() != "true":
        return 0
    try:
        # 0 stands for no deletion policy here, and is none that can be asked for.
        return int(section.findtext("Days") or "") or -1
    except ValueError:
        raise refused("InvalidXmlNodeValue") from None
