"""Malformed requests to Resource Manager: every operation refuses them, and none fails."""

from __future__ import annotations

import json
import string
import urllib.parse
from itertools import islice

import pytest
import requests

from airflow_provider_adls.emulator.arm.definition import CHOICES, READ_ONLY
from airflow_provider_adls.emulator.arm.nested import KINDS
from airflow_provider_adls.emulator.arm.routes import ROUTES

ARM = "https://management.core.windows.net/"
VALUES = [
    None,
    True,
    0,
    -1.5,
    1e400,
    "",
    "x",
    "\ud800",
    "x" * 5000,
    [],
    [None],
    [[]],
    {},
    {"": None},
    {"a": {"b": []}},
]
TEXTS = [
    b"",
    b"{",
    b"null",
    b"nul",
    b"\xff\xfe",
    b'{"a":',
    b"[" * 100_000,
    b"1" * 5000,
    b'{"location":NaN}',
    b"\x00",
]
NAMES = [
    "a%2Fb",
    "%00",
    "%0A",
    "%25",
    "..",
    "%2E%2E",
    "%FF",
    "%ED%A0%80",
    "%F0%9F%90%98",
    "'",
    "a b",
    "{name}",
    "x" * 300,
]
QUERIES = [
    "api-version",
    "api-version=",
    "api-version=%FF",
    "api-version=2016-11-01&$top=%FF",
    "=&=",
    "api-version=1&api-version=2",
]


def bodies():
    """JSON that each member of each resource is wrong in, in each way."""
    members = ["location", "tags", "identity", "properties", "managedBy", "name", "type"]
    properties = [
        *CHOICES,
        *READ_ONLY,
        *KINDS,
        "defaultGroup",
        "encryptionConfig",
        "startIpAddress",
        "subnetId",
        "idProvider",
    ]
    for value in VALUES:
        yield value
        for member in members:
            yield {"location": "eastus2", member: value}
        for name in properties:
            yield {"location": "eastus2", "properties": {name: value}}
        for kind in KINDS:
            yield {"location": "eastus2", "properties": {kind: [{"name": "a", "properties": value}]}}
            yield {"location": "eastus2", "properties": {kind: [{"name": value}]}}
        yield {
            "location": "eastus2",
            "properties": {"encryptionConfig": {"type": "UserManaged", "keyVaultMetaInfo": value}},
        }
        yield {"location": "eastus2", "properties": {"encryptionConfig": {"type": value}}}
        for member in (
            "encryption",
            "networkAcls",
            "metadata",
            "publicAccess",
            "cors",
            "deleteRetentionPolicy",
        ):
            yield {"location": "eastus2", "properties": {member: value}}
        yield {"location": "eastus2", "properties": {"networkAcls": {"ipRules": value}}}
        yield {"location": "eastus2", "properties": {"networkAcls": {"ipRules": [{"value": value}]}}}
        yield {"location": "eastus2", "properties": {"encryption": {"services": value}}}
        yield {"location": "eastus2", "properties": {"encryption": {"services": {"blob": value}}}}
        yield {
            "location": "eastus2",
            "properties": {"deleteRetentionPolicy": {"enabled": True, "days": value}},
        }
        yield {"sku": value, "kind": value, "keyName": value}


def path(route, **parameters):
    known = {"subscription": "00000000-0000-0000-0000-000000000000", "group": "rg", "name": "lake"}
    known |= {
        "location": "eastus2",
        "namespace": "Microsoft.DataLakeStore",
        "operation": "0",
        "nested": "rule",
        "container": "raw",
    }
    return string.Formatter().vformat(route.template, (), known | parameters)


@pytest.fixture
def ask(own_browser):
    """Sends a request to an operation, and makes sure that its answer is one of Resource Manager's."""
    headers = own_browser.bearer(ARM) | {"Content-Type": "application/json"}
    own_browser.emulator.create_storage_account("lake", ["raw"])

    def send(route, where, query="api-version=2016-11-01", data=None):
        url = f"{own_browser.emulator.url}{where}?{query}"
        request = own_browser.session.prepare_request(
            requests.Request(route.method, url, data=data, headers=headers)
        )
        # As it stands: requests would take the dots out.
        request.url = url
        answer = own_browser.session.send(request, verify=own_browser.emulator.ca_file)
        said = f"{route.method} {where}?{query} {str(data)[:200]}: {answer.status_code}"
        assert answer.status_code < 500, said
        if answer.content:
            content = answer.json()
            assert answer.ok or set(content["error"]) == {"code", "message"}, said
        elif route.method != "HEAD":
            assert answer.status_code in (200, 202, 204), said
        return answer

    return send


@pytest.mark.long
@pytest.mark.fidelity("own")
@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.long)])
def test_bodies(ask, step):
    """Whatever stands in a body, it is taken or refused; afterwards the account is as good as before."""
    writing = [route for route in ROUTES if route.method in ("PUT", "PATCH", "POST")]
    for number, route in enumerate(writing):
        for text in TEXTS:
            ask(route, path(route), data=text)
        # Of each operation another part.
        for body in islice(bodies(), number % step, None, step):
            ask(route, path(route), data=json.dumps(body).encode())
    routes = {route.operation: route for route in ROUTES}
    for operation in (
        "accounts.get",
        "accounts.list",
        "firewall_rules.list_by_account",
        "resource_groups.get",
        "resources.list",
        "storage_accounts.get_properties",
        "storage_accounts.list",
        "blob_services.list",
        "blob_containers.list",
    ):
        assert ask(routes[operation], path(routes[operation])).status_code == 200


@pytest.mark.fidelity("own")
def test_names_and_queries(ask):
    """Whatever stands in the path or the query, it is found, not found or refused."""
    for route in sorted(ROUTES, key=lambda route: route.method == "DELETE"):
        parameters = [
            name
            for name in (
                "group",
                "name",
                "location",
                "namespace",
                "operation",
                "nested",
                "container",
            )
            if f"{{{name}}}" in route.template
        ]
        for parameter in parameters:
            for name in NAMES:
                ask(route, path(route, **{parameter: name}), data=b'{"location": "eastus2"}')
        for query in QUERIES:
            ask(route, path(route), query)
        for parameter in route.query:
            for value in ("", "%FF", "0", "'", "a,b", "x" * 3000, "name eq '\u00e4'"):
                ask(
                    route,
                    path(route),
                    f"api-version=2016-11-01&{parameter}={urllib.parse.quote(value, safe='%')}",
                )
