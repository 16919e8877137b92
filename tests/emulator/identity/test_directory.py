"""The tenant's applications."""

from __future__ import annotations

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.identity.directory import Directory


def test_well_known_application_is_super_user():
    """The directory begins with the public identity, whom no permission binds."""
    application = Directory().application(well_known.CLIENT_ID.upper())
    assert application is not None
    assert application.principal.super_user
    assert application.accepts(well_known.CLIENT_SECRET)


def test_changed_application_keeps_its_object_id():
    """A new secret for a known client id does not make its files a stranger's."""
    directory = Directory()
    before = directory.add_principal("app", "one")
    after = directory.add_principal("app", "two")
    assert before.principal.object_id == after.principal.object_id
    assert not after.accepts("one")


def test_secrets_are_not_shown():
    """The representation of an application holds no secret."""
    application = Directory().add_principal("app", "very-secret")
    assert "very-secret" not in repr(application)


def test_unnamed_applications_differ():
    """Client id, secret and object id are made up where they are not given."""
    directory = Directory()
    one, two = directory.add_principal(), directory.add_principal(groups=frozenset({"group"}))
    assert one.client_id != two.client_id
    assert one.principal.object_id != two.principal.object_id
    assert two.principal.groups == {"group"}
