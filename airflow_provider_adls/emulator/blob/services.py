"""The account itself on the Blob face: its kind, and the settings of its Blob service."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from airflow_provider_adls.emulator.blob import xml
from airflow_provider_adls.emulator.faces.asks import Reply
from airflow_provider_adls.emulator.rules.gen2 import service
from airflow_provider_adls.emulator.storage.errors import refused

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faces.asks import Ask
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall

_OFF = xml.leaf("Enabled", "false")
_METRICS = xml.leaf("Version", "1.0") + _OFF + xml.element("RetentionPolicy", _OFF)
_NO_LOGGING = xml.leaves([("Version", "1.0"), ("Delete", "false"), ("Read", "false"), ("Write", "false")])
_RETENTION = "DeleteRetentionPolicy"
#: What an account has until it is set.
_DEFAULTS = {
    "Logging": xml.element("Logging", _NO_LOGGING, xml.element("RetentionPolicy", _OFF)),
    "HourMetrics": xml.element("HourMetrics", _METRICS),
    "MinuteMetrics": xml.element("MinuteMetrics", _METRICS),
    "Cors": xml.element("Cors"),
    "DefaultServiceVersion": "",
    _RETENTION: xml.element(_RETENTION, _OFF),
    "StaticWebsite": xml.element("StaticWebsite", _OFF),
}


def account_information(call: FileCall, _ask: Ask) -> Reply:
    """Return the kind of the account: that it has a hierarchical namespace, above all."""
    return Reply(
        200,
        {"x-ms-sku-name": call.sku, "x-ms-account-kind": call.kind, "x-ms-is-hns-enabled": "true"},
    )


def service_properties(call: FileCall, _ask: Ask) -> Reply:
    """Return the settings of the Blob service."""
    known = {**_DEFAULTS, **service.settings(call)}
    # The account's days count, which Resource Manager sets too.
    days = xml.leaves([("Enabled", "true"), ("Days", call.retention)])
    known[_RETENTION] = _DEFAULTS[_RETENTION] if call.retention is None else xml.element(_RETENTION, days)
    return xml.reply(xml.element("StorageServiceProperties", *(known[name] for name in _DEFAULTS)))


def set_service_properties(call: FileCall, ask: Ask) -> Reply:
    """Set those of the settings that the request names."""
    root = xml.parsed(ask.body.document)
    sections = {section.tag: section for section in root}
    if not set(sections) <= set(_DEFAULTS):
        raise refused("InvalidXmlDocument")
    texts = {
        name: ET.tostring(section, encoding="unicode", short_empty_elements=True)
        for name, section in sections.items()
    }
    service.change(call, texts, _days(sections.get(_RETENTION)))
    return Reply(202)


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
