"""Metadata of the provider. Airflow reads it in every process, so nothing heavy is imported."""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.connection_form import (
    CONFIGURABLE,
    CONNECTION_TYPE,
    FIELDS,
    HIDDEN_FIELDS,
    HOOK_CLASS,
    HOOK_NAME,
    PLACEHOLDERS,
    RELABELING,
    FormField,
)

_LOCAL = "Local"
_OBJECTS = "Object storage"
_SQL = "SQL"
_PACKAGE = "airflow_provider_adls"
_OPERATORS = (
    "account_encryption",
    "account_queries",
    "account_rules",
    "accounts",
    "acls",
    "content",
    "distributed",
    "expiry",
    "files",
    "rights",
    "status",
    "sync",
    "transform",
    "trash",
)
_ASSETS = {
    "schemes": ["adl"],
    "handler": f"{_PACKAGE}.assets.adls_gen1.sanitize_uri",
    "factory": f"{_PACKAGE}.assets.adls_gen1.create_asset",
    "to_openlineage_converter": f"{_PACKAGE}.assets.adls_gen1.convert_asset_to_openlineage",
}


def _conn_field(field: FormField) -> dict[str, Any]:
    # "null" says that a field may be left empty; without it the form insists on a value.
    schema: dict[str, Any] = {"type": ["string", "null"]}
    if field.choices:
        schema["enum"] = list(field.choices)
    if field.secret:
        schema["format"] = "password"
    return {"label": field.label, "schema": schema, "description": field.description}


def _option(field: FormField) -> dict[str, Any]:
    option = {
        "description": f"For connections that leave the field {field.label} empty. {field.description}",
        "version_added": "0.1.0",
        "type": "string",
        "example": field.example,
        "default": None,
    }
    return option | ({"sensitive": True} if field.secret else {})


def _transfer(source: str, target: str, module: str) -> dict[str, str]:
    return {
        "source-integration-name": source,
        "target-integration-name": target,
        "python-module": f"{_PACKAGE}.transfers.{module}",
    }


def get_provider_info() -> dict[str, Any]:
    """Return the provider's metadata, as `provider_info.schema.json` of Airflow describes it."""
    return {
        "package-name": "airflow-provider-adls",
        "name": HOOK_NAME,
        "description": "Azure Data Lake Storage Gen1 and Gen2, and both services to run pipelines against.",
        "integrations": [
            {
                "integration-name": HOOK_NAME,
                "external-doc-url": "https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-introduction",
                "tags": ["azure"],
            },
            {
                "integration-name": _LOCAL,
                "external-doc-url": "https://docs.python.org/3/library/filesys.html",
                "tags": ["protocol"],
            },
            {
                "integration-name": _OBJECTS,
                "external-doc-url": "https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/objectstorage.html",
                "tags": ["protocol"],
            },
            {
                "integration-name": _SQL,
                "external-doc-url": "https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/index.html",
                "tags": ["protocol"],
            },
        ],
        "hooks": [{"integration-name": HOOK_NAME, "python-modules": [f"{_PACKAGE}.hooks.adls_gen1"]}],
        "operators": [
            {
                "integration-name": HOOK_NAME,
                "python-modules": [f"{_PACKAGE}.operators.{module}" for module in _OPERATORS],
            }
        ],
        "sensors": [
            {
                "integration-name": HOOK_NAME,
                "python-modules": [f"{_PACKAGE}.sensors.accounts", f"{_PACKAGE}.sensors.adls_gen1"],
            }
        ],
        "triggers": [
            {
                "integration-name": HOOK_NAME,
                "python-modules": [f"{_PACKAGE}.triggers.accounts", f"{_PACKAGE}.triggers.adls_gen1"],
            }
        ],
        "transfers": [
            _transfer(_LOCAL, HOOK_NAME, "local_to_adls_gen1"),
            _transfer(HOOK_NAME, _LOCAL, "adls_gen1_to_local"),
            _transfer(HOOK_NAME, HOOK_NAME, "adls_gen1_to_adls_gen1"),
            _transfer(_OBJECTS, HOOK_NAME, "object_storage_to_adls_gen1"),
            _transfer(HOOK_NAME, _OBJECTS, "adls_gen1_to_object_storage"),
            _transfer(_SQL, HOOK_NAME, "sql_to_adls_gen1"),
            _transfer(HOOK_NAME, _SQL, "adls_gen1_to_sql"),
        ],
        "extra-links": [
            f"{_PACKAGE}.operators.links.{name}" for name in ("ADLSGen1AccountLink", "ADLSGen1ReportLink")
        ],
        "bundles": [{"integration-name": HOOK_NAME, "python-modules": [f"{_PACKAGE}.bundles.adls_gen1"]}],
        "filesystems": [f"{_PACKAGE}.fs.adls_gen1"],
        "logging": [f"{_PACKAGE}.logs.handler.ADLSGen1TaskHandler"],
        "remote-logging": [{"classpath": f"{_PACKAGE}.logs.remote.ADLSGen1RemoteLogIO", "scheme": "adl"}],
        # Airflow 2 calls them datasets.
        "asset-uris": [_ASSETS],
        "dataset-uris": [_ASSETS],
        "config": {
            CONNECTION_TYPE: {
                "description": f"What connections to {HOOK_NAME} have in common, where they do not say it.",
                "options": {field.name: _option(field) for field in FIELDS if field.name in CONFIGURABLE},
            }
        },
        "connection-types": [
            {
                "connection-type": CONNECTION_TYPE,
                "hook-class-name": HOOK_CLASS,
                "hook-name": HOOK_NAME,
                "conn-fields": {field.name: _conn_field(field) for field in FIELDS},
                "ui-field-behaviour": {
                    "hidden-fields": list(HIDDEN_FIELDS),
                    "relabeling": dict(RELABELING),
                    "placeholders": dict(PLACEHOLDERS),
                },
            }
        ],
    }
