"""The connection form in a browser: found, filled in, saved, opened again and tested."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_adls.connection_form import FIELDS, PLACEHOLDERS
from scripts.airflow_api import AirflowApi, AirflowApiError
from scripts.leaks import Search

if TYPE_CHECKING:
    from scripts.stack import Stack
    from tests.ui.connection_page import ConnectionPage

#: The one in which the emulator has its accounts.
RESOURCE_GROUP = "rg"
WRONG_SECRET = "wrong~Secret.that-nobody-has_1234567890"
MASKED = "***"


def values(stack: Stack, **changed: str) -> dict[str, str]:
    """What belongs into the form, by label."""
    return {
        "Client ID": stack.emulator["client_id"],
        "Client secret or account key": stack.emulator["client_secret"],
        "Port (unused)": "0",
        "Tenant ID": stack.emulator["tenant_id"],
        "Account name": stack.account,
        "Subscription ID": stack.emulator["subscription_id"],
        "Resource group": RESOURCE_GROUP,
        "Cloud": "emulator",
    } | changed


def fill_in(connections: ConnectionPage, given: dict[str, str]) -> None:
    """Fill in the form of a new connection, part by part."""
    connections.add()
    connections.choose_type()
    standard = ("Connection ID", "Client ID", "Client secret or account key", "Port (unused)")
    connections.fill({label: given[label] for label in standard})
    connections.show_extra_fields()
    connections.fill({label: value for label, value in given.items() if label not in standard})


def stored(api: AirflowApi, conn_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.call("GET", f"connections/{conn_id}")
    return found


def test_form_explains_itself(connections, picture):
    """Each field has its label and its description, in order, and nothing is cut off."""
    connections.add()
    picture(connections.dialog, "choose-the-type")
    connections.choose_type()
    assert connections.cut_off() == []
    placeholders = [
        connections.dialog.get_by_placeholder(text, exact=True).count() for text in PLACEHOLDERS.values()
    ]
    assert placeholders == [1] * len(PLACEHOLDERS)

    connections.show_extra_fields()
    shown = connections.extra_fields()

    assert [(field.label, field.description) for field in FIELDS] == [field[:2] for field in shown]
    assert connections.cut_off() == []


def test_choices_are_lists(connections):
    """A field that has a few values only offers them."""
    connections.add()
    connections.choose_type()
    connections.show_extra_fields()

    kinds = {field.label: field.kind for field in connections.extra_fields()}

    assert [field.label for field in FIELDS if field.choices] == [
        label for label, kind in kinds.items() if kind == "choice"
    ]
    for field in FIELDS:
        if field.choices:
            assert connections.choices(field.label) == list(field.choices)


def test_secrets_are_hidden_while_they_are_typed(connections):
    """The client secret and every secret among the extra fields are password fields, and no other is."""
    connections.add()
    connections.choose_type()
    assert connections.dialog.get_by_label("Client secret").get_attribute("type") == "password"
    connections.show_extra_fields()
    assert [field.label for field in FIELDS if field.secret] == [
        field.label for field in connections.extra_fields() if field.kind == "password"
    ]


def test_filled_in_saved_and_tested(connections, stack, picture):
    """A connection that was filled in by hand says on Test that both sign-ins and the account answer."""
    connections.add()
    connections.choose_type()
    given = {"Connection ID": "my_lake", **values(stack)}
    connections.fill({label: given[label] for label in list(given)[:4]})
    picture(connections.dialog, "standard-fields")
    connections.show_extra_fields()
    connections.fill({label: given[label] for label in list(given)[4:]})
    picture(connections.dialog, "extra-fields", bottom=connections.group("Cloud"))
    picture(
        connections.dialog,
        "further-fields",
        top=connections.group("Endpoint"),
        bottom=connections.group(FIELDS[-1].label),
    )
    connections.save()

    said = connections.test("my_lake")

    picture(connections.page, "test-succeeded")
    assert said.splitlines() == [
        "Test Connection Successful",
        f"Resource Manager: signed in; account {stack.account} in eastus2, resource group rg, answered."
        f" File system: signed in; Gen1 account {stack.account} answered at"
        f" {stack.emulator['url']}/adls/{stack.account}.",
    ]


def test_no_secret_is_shown_again(connections, stack):
    """A stored connection opens with all that was filled in, but for the secret."""
    fill_in(connections, {"Connection ID": "opened", **values(stack)})
    connections.save()

    connections.open("opened")
    connections.show_extra_fields()

    shown = connections.values()
    assert stack.emulator["tenant_id"] in shown
    assert MASKED in shown
    assert not [value for value in shown if stack.emulator["client_secret"] in value]
    assert stack.emulator["client_secret"] not in connections.page.content()


def test_saved_again_keeps_the_secret(connections, stack):
    """Who changes another field, and leaves the masked secret alone, still has a connection that works."""
    fill_in(connections, {"Connection ID": "kept", **values(stack)})
    connections.save()
    connections.open("kept")
    connections.fill({"Client ID": stack.emulator["client_id"].upper()})
    connections.save()

    said = connections.test("kept")

    assert said.splitlines()[0] == "Test Connection Successful", said


def test_connection_from_a_file_shows_what_it_holds(connections, stack):
    """Airflow shows the fields that a connection's Extra has, `null` among them, and keeps them all."""
    extra = {"tenant_id": stack.emulator["tenant_id"], "cloud": "emulator", "account_name": None}
    admin = stack.api.signed_in("admin", stack.passwords["admin"])
    body = {"connection_id": "from_a_file", "conn_type": "adls_gen1", "port": 0, "extra": json.dumps(extra)}
    admin.call("POST", "connections", body)
    connections.page.reload()
    connections.open("from_a_file")
    connections.show_extra_fields()

    assert [field.label for field in connections.extra_fields()] == ["Tenant ID", "Account name", "Cloud"]
    connections.fill({"Account name": stack.account})
    connections.save()

    said = connections.test("from_a_file")

    assert said.splitlines()[0] == "Test Connection Successful", said


def test_wrong_secret_says_what_to_do(connections, stack, picture):
    """With a wrong secret the page says that it is wrong and what to enter, and does not show it."""
    fill_in(
        connections,
        {"Connection ID": "wrong", **values(stack, **{"Client secret or account key": WRONG_SECRET})},
    )
    connections.save()

    said = connections.test("wrong")

    picture(connections.page, "test-failed")
    title, message = said.splitlines()
    assert title == "Test Connection Failed"
    assert "the client secret is not one of client" in message
    assert "enter the secret's Value" in message
    assert WRONG_SECRET not in connections.page.content()


@pytest.mark.parametrize("role", ["admin", "op"])
def test_api_masks_secrets(stack, role):
    """Whoever may read a connection reads its fields, and a mask where a secret or a key is."""
    admin = stack.api.signed_in("admin", stack.passwords["admin"])
    secrets = {field.name: f"s3cr3t-{field.name}" for field in FIELDS if field.secret}
    body = {
        "connection_id": f"masked_{role}",
        "conn_type": "adls_gen1",
        "login": stack.emulator["client_id"],
        "password": stack.emulator["client_secret"],
        "extra": json.dumps({"tenant_id": stack.emulator["tenant_id"], **secrets}),
    }
    admin.call("POST", "connections", body)
    reader = stack.api.signed_in(role, stack.passwords[role])

    alone = stored(reader, f"masked_{role}")
    (listed,) = [
        each
        for each in reader.call("GET", "connections", limit=100)["connections"]
        if each["connection_id"] == f"masked_{role}"
    ]

    assert alone == listed
    assert (alone["login"], alone["password"]) == (stack.emulator["client_id"], MASKED)
    assert json.loads(alone["extra"]) == {
        "tenant_id": stack.emulator["tenant_id"],
        **dict.fromkeys(secrets, MASKED),
    }


@pytest.mark.parametrize("role", ["user", "viewer"])
def test_api_shows_others_nothing(stack, role):
    """Airflow's lower roles, which read DAGs and logs, read no connection."""
    reader = stack.api.signed_in(role, stack.passwords[role])
    with pytest.raises(AirflowApiError, match="HTTP 403"):
        stored(reader, "adls_gen1_default")


def test_no_secret_is_in_a_log(stack):
    """After all of this no log of Airflow or of the emulator holds the secret or a token."""
    search = Search(stack.emulator["client_secret"])
    search.look_in_files(stack.logs, "logs of the processes")
    search.look_in_files(stack.home / "logs", "logs of Airflow")
    assert search.found == []
    assert search.counts["logs of the processes"] > 0
