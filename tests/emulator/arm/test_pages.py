"""Lists of accounts in pages and with a filter."""

from __future__ import annotations

import pytest

ACCOUNTS = "/providers/Microsoft.DataLakeStore/accounts"
NAMES = ["delta", "alpha", "bravo", "echo1", "charlie"]
LISTS = "azure-mgmt-datalake-store 0.5.0, accounts.list"


@pytest.fixture(scope="module")
def lists(emulator_with_accounts):
    """Asks for lists of five accounts, tagged by their place, in two regions."""
    browser = emulator_with_accounts

    def ask(path=ACCOUNTS, **query):
        params = {"api-version": "2016-11-01"} | {f"${name}": value for name, value in query.items()}
        return browser.arm("GET", path, params=params)

    return ask


@pytest.fixture(scope="module")
def emulator_with_accounts():
    from airflow_provider_adls.emulator import Emulator
    from tests.emulator.conftest import browsing

    with Emulator() as emulator, browsing(emulator) as browser:
        for number, name in enumerate(NAMES):
            body = {
                "location": "eastus2" if number % 2 else "westeurope",
                "tags": {"place": str(number), "team": "data's"} if number else None,
            }
            browser.arm("PUT", f"/resourceGroups/rg{ACCOUNTS}/{name}", json=body)
            browser.arm("GET", f"/resourceGroups/rg{ACCOUNTS}/{name}")
        yield browser


def names(answer):
    assert answer.status_code == 200, answer.text
    return [account["name"] for account in answer.json()["value"]]


@pytest.mark.fidelity("assumed", f"{LISTS} for the parameters; that $top is a page's length is our choice")
def test_pages(lists, emulator_with_accounts):
    """`$top` is a page's length, and `nextLink` leads through all pages, in the request's URL style."""
    everything = names(lists())
    assert everything == sorted(NAMES)
    answer = lists(top=2, filter="name ne 'echo1'")
    found, pages = names(answer), 1
    while link := answer.json().get("nextLink"):
        assert link.startswith(f"{emulator_with_accounts.emulator.url}/subscriptions/")
        answer = emulator_with_accounts.session.get(
            link, headers=emulator_with_accounts.bearer("https://management.core.windows.net/")
        )
        found, pages = found + names(answer), pages + 1
    assert (found, pages) == (["alpha", "bravo", "charlie", "delta"], 2)
    assert names(lists(skip=3)) == everything[3:]
    assert names(lists(skip=5)) == []
    assert "nextLink" not in lists(top=5).json()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("name eq 'ALPHA'", ["alpha"]),
        ("name ne 'alpha' and location eq 'East US 2'", ["echo1"]),
        ("location eq 'eastus2'", ["alpha", "echo1"]),
        ("LOCATION NE 'eastus2' AND name ne 'delta'", ["bravo", "charlie"]),
        ("name eq 'alpha' or name eq 'bravo' and name eq 'charlie'", ["alpha"]),
        ("name eq 'bravo' and name eq 'charlie' or name eq 'alpha'", ["alpha"]),
        ("substringof('L', name) or substringof('o1',name)", ["alpha", "charlie", "delta", "echo1"]),
        ("tagName eq 'place'", sorted(NAMES[1:])),
        ("tagName eq 'place' and tagValue eq '3'", ["echo1"]),
        ("tagname eq 'team' and tagvalue eq '3'", []),
        ("tagName eq 'team' and tagValue eq 'DATA''S'", sorted(NAMES[1:])),
        ("tagName eq 'place' and name eq 'echo1'", ["echo1"]),
        ("name eq 'delta' or tagName eq 'place' and tagValue eq '3' and name ne 'x'", ["delta", "echo1"]),
        ("startswith(tagName, 'TEA')", sorted(NAMES[1:])),
        ("startswith( tagName , 'x' )", []),
        ("resourceGroup eq 'RG' and resourceType eq 'Microsoft.DataLakeStore/accounts'", sorted(NAMES)),
        ("name eq ' and name eq '", []),
        ("", sorted(NAMES)),
    ],
)
@pytest.mark.fidelity("documented", "azure-mgmt-resource 26.0, resources.list")
def test_filters(lists, expression, expected):
    """`$filter` keeps the resources for which its expression is true; strings are compared without case."""
    assert names(lists(filter=expression)) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "name",
        "name eq",
        "name eq 'a",
        "name eq 5",
        "name = 'a'",
        "name gt 'a'",
        "eq 'a'",
        "name eq 'a' and",
        "name eq 'a' and ",
        "name eq 'a' name",
        "name eq 'a'and name eq 'b'",
        "(name eq 'a')",
        "not name eq 'a'",
        "colour eq 'red'",
        "state eq 'Active'",
        "tags/team eq 'a'",
        "startswith(name, 'a')",
        "substringof('a')",
        "substringof('a', tagName)",
        "near(name, 'a')",
        "tagName ne 'a'",
        "tagName eq 'a' and tagValue ne 'b'",
        "tagName eq 'a' or tagValue eq 'b'",
        "tagName eq 5",
        "tagValue eq 'a'",
        "and",
        "(" * 2000,
    ],
)
@pytest.mark.fidelity("documented", "Resource Manager's InvalidFilterInQueryString; the reason is assumed")
def test_filters_that_are_refused(lists, expression):
    """An expression that cannot be read, or names an unknown property, is refused."""
    answer = lists(filter=expression)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidFilterInQueryString")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("top", "0"),
        ("top", "-1"),
        ("top", "1.5"),
        ("top", "²"),
        ("top", "9" * 30),
        ("skip", "-1"),
        ("skip", ""),
    ],
)
@pytest.mark.fidelity("assumed", "that they are refused, and how")
def test_parameters_that_are_none(lists, name, value):
    """A malformed value is refused by the parameter's name."""
    answer = lists(**{name: value})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidQueryParameterValue")
    assert f"'${name}'" in answer.json()["error"]["message"]


@pytest.mark.parametrize("name", ["count", "orderby", "select"])
@pytest.mark.fidelity("own")
def test_parameters_that_no_client_sends(lists, name):
    """`$count`, `$orderby` and `$select`, which no client sends, are refused by name and not ignored."""
    answer = lists(**{name: "name"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidQueryParameter")
    assert f"'${name}'" in answer.json()["error"]["message"]
