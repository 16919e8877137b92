"""The form that each supported version of Airflow makes of the connection type."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import airflow
import pytest

from airflow_provider_adls.connection_form import (
    CONNECTION_TYPE,
    FIELDS,
    HIDDEN_FIELDS,
    HOOK_NAME,
    PLACEHOLDERS,
    PORT,
    RELABELING,
)
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.provider_info import get_provider_info

VERSION = tuple(int(part) for part in airflow.__version__.split(".")[:2])
CONNECTION = get_provider_info()["connection-types"][0]


@dataclass(frozen=True)
class Form:
    """What Airflow sends to its page.

    :param name: the connection type's.
    :param fields: name, label, description, choices, and whether it is a password field.
    :param labels: label by standard field, where it is not Airflow's own.
    :param hidden: standard fields that are not shown.
    :param placeholders: placeholder by standard field.
    """

    name: str
    fields: list[tuple[str, str, str, tuple[str, ...], bool]]
    labels: dict[str, str]
    hidden: set[str]
    placeholders: dict[str, str]


def form_of_flask_appbuilder() -> Form:
    """What Airflow 2's page is made from: fields of WTForms, and the hook's behaviour."""
    from airflow.providers_manager import ProvidersManager

    manager = ProvidersManager()
    with warnings.catch_warnings():
        # Of Flask's own parts among each other, in the versions that Airflow 2.11 takes.
        warnings.simplefilter("ignore", DeprecationWarning)
        widgets = manager.connection_form_widgets
    prefix = f"extra__{CONNECTION_TYPE}__"
    fields = []
    for key, widget in widgets.items():
        if not key.startswith(prefix):
            continue
        label = widget.field.args[0]
        options = widget.field.kwargs
        choices = [c for each in options["validators"] for c in getattr(each, "values", ())]
        shown = (str(label), str(options["description"]), tuple(choices))
        fields.append((key.removeprefix(prefix), *shown, widget.is_sensitive))
    behaviour = manager.field_behaviours[CONNECTION_TYPE]
    return Form(
        manager.hooks[CONNECTION_TYPE].hook_name,
        fields,
        behaviour["relabeling"],
        set(behaviour["hidden_fields"]),
        # Airflow names the fields of its own that have a placeholder by their key in the form.
        {key.removeprefix(prefix): value for key, value in behaviour["placeholders"].items()},
    )


def form_of_the_api() -> Form:
    """What the API sends to Airflow 3's page."""
    from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService
    from airflow.providers_manager import ProvidersManager

    # As in a server that has just started: once a test has loaded the hooks without the form's libraries,
    # Airflow 3.1 has no forms to tell of.
    ProvidersManager()._cleanup()
    (meta,) = [each for each in HookMetaService.hook_meta_data() if each.connection_type == CONNECTION_TYPE]
    fields = [
        (
            name,
            field["schema"]["title"],
            field["description"],
            tuple(field["schema"].get("enum", ())),
            field["schema"].get("format") == "password",
        )
        for name, field in meta.extra_fields.items()
    ]
    # The API has no word on `extra`, which its page shows as JSON.
    standard = {
        "schema" if name == "url_schema" else name: field
        for name, field in dict(meta.standard_fields).items()
        if field
    }
    return Form(
        meta.hook_name,
        fields,
        {name: field.title for name, field in standard.items() if field.title},
        {name for name, field in standard.items() if field.hidden} | {"extra"},
        {name: field.placeholder for name, field in standard.items() if field.placeholder},
    )


@pytest.fixture(scope="module")
def form() -> Form:
    return form_of_flask_appbuilder() if VERSION < (3, 0) else form_of_the_api()


def is_secret(name: str) -> bool:
    """Whether Airflow masks a value that stands in Extra under this name."""
    if VERSION < (3, 0):
        from airflow.utils.log.secrets_masker import should_hide_value_for_key
    else:
        from airflow.sdk._shared.secrets_masker.secrets_masker import should_hide_value_for_key
    return bool(should_hide_value_for_key(name))


def test_airflow_offers_the_connection_type(form):
    """The list of types has ours, by its name."""
    assert form.name == HOOK_NAME


def test_airflow_shows_every_field(form):
    """The page is given every field in order, with its label, description and choices."""
    expected = [(field.name, field.label, field.description, field.choices) for field in FIELDS]
    assert [field[:4] for field in form.fields] == expected


def test_what_airflow_masks_is_a_password_field(form):
    """Nobody looks over a shoulder at what Airflow would mask in a log, and nothing else is hidden."""
    assert {name for name, *_, password in form.fields if password} == {
        field.name for field in FIELDS if is_secret(field.name)
    }


def test_airflow_relabels_the_standard_fields(form):
    """Login and password are called what Azure calls them, and say what belongs there."""
    shown = {name: (form.labels[name], form.placeholders[name]) for name in ("login", "password")}
    assert shown == {name: (RELABELING[name], PLACEHOLDERS[name]) for name in shown}


def test_airflow_hides_what_means_nothing(form):
    """Of the standard fields the useless ones are hidden; the port is shown where a test needs it."""
    hidden = form.hidden & {*HIDDEN_FIELDS, PORT}
    assert hidden == {*HIDDEN_FIELDS, *(() if VERSION >= (3, 2) else (PORT,))}


def test_no_field_has_a_default():
    """A default would be written over what stands in Extra."""
    assert [name for name, field in CONNECTION["conn-fields"].items() if "default" in field["schema"]] == []


@pytest.mark.skipif(VERSION < (3, 1), reason="stands in for the form's libraries, which Airflow 2 has")
def test_the_python_form_is_the_same(monkeypatch: pytest.MonkeyPatch):
    """The hook's methods, which Airflow 2.11 and 3.1 call, give the form that 3.2 and 3.3 read from metadata.

    The form's libraries are stood in for as Airflow 3 does it, by the same classes of Airflow's.
    """
    from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService

    def module(name: str, **content: Any) -> None:
        stand_in = ModuleType(name)
        vars(stand_in).update(content)
        monkeypatch.setitem(sys.modules, name, stand_in)

    module("flask_appbuilder")
    module(
        "flask_appbuilder.fieldwidgets",
        BS3TextFieldWidget=HookMetaService.MockAnyWidget,
        BS3PasswordFieldWidget=HookMetaService.MockAnyWidget,
    )
    module("flask_babel", lazy_gettext=str)
    module(
        "wtforms",
        StringField=HookMetaService.MockStringField,
        PasswordField=HookMetaService.MockPasswordField,
        IntegerField=HookMetaService.MockIntegerField,
        BooleanField=HookMetaService.MockBooleanField,
    )
    module("wtforms.validators", Optional=HookMetaService.MockOptional, any_of=HookMetaService.MockEnum)
    from_methods = {}
    for name, widget in ADLSGen1Hook.get_connection_form_widgets().items():
        param = widget.param.dump()
        label = param["schema"].pop("title")
        from_methods[name] = {"label": label, "schema": param["schema"], "description": param["description"]}
    assert CONNECTION["conn-fields"] == from_methods


def test_the_python_behaviour_is_the_same():
    """The hook's method treats the standard fields in the same way, but for the port."""
    from_metadata = {
        name.replace("-", "_"): value for name, value in CONNECTION["ui-field-behaviour"].items()
    }
    from_method = ADLSGen1Hook.get_ui_field_behaviour()
    assert from_method == from_metadata | {"hidden_fields": [*from_metadata["hidden_fields"], PORT]}
