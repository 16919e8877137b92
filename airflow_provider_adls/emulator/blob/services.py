"""The account itself on the Blob face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.blob import xml
from airflow_provider_adls.emulator.faces.asks import Reply

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faces.asks import Ask
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall


def account_information(_call: FileCall, _ask: Ask) -> Reply:
    """Return the kind of the account: that it has a hierarchical namespace, above all."""
    return Reply(
        200,
        {"x-ms-sku-name": "Standard_LRS", "x-ms-account-kind": "StorageV2", "x-ms-is-hns-enabled": "true"},
    )


def service_properties(call: FileCall, _ask: Ask) -> Reply:
    """Return the settings of the Blob service, of which soft delete is the only one that can be on."""
    off = xml.leaf("Enabled", "false")
    metrics = xml.leaf("Version", "1.0") + off + xml.element("RetentionPolicy", off)
    reads = xml.leaves([("Version", "1.0"), ("Read", "false"), ("Write", "false"), ("Delete", "false")])
    kept = off if call.retention is None else xml.leaves([("Enabled", "true"), ("Days", call.retention)])
    return xml.reply(
        xml.element(
            "StorageServiceProperties",
            xml.element("Logging", reads, xml.element("RetentionPolicy", off)),
            xml.element("HourMetrics", metrics),
            xml.element("MinuteMetrics", metrics),
            xml.element("Cors"),
            xml.leaf("DefaultServiceVersion", "2020-06-12"),
            xml.element("DeleteRetentionPolicy", kept),
            xml.element("StaticWebsite", off),
        )
    )
