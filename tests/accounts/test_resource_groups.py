"""Resource groups through azure-mgmt-resource, at the emulator's Resource Manager."""

import sys
import uuid
from dataclasses import replace

import certifi
import pytest

from airflow_provider_adls.accounts.resource_groups import check_resource_extra
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    InvalidRequestError,
    ServiceError,
    ServiceUnreachableError,
    SignInError,
)

OTHER = "44444444-4444-4444-8444-444444444444"


@pytest.fixture
def group(hook):
    """Name of a resource group that is not there."""
    name = f"group{uuid.uuid4().hex[:12]}"
    yield name
    with hook.get_resource_client() as client:
        if client.resource_groups.check_existence(name):
            client.resource_groups.begin_delete(name).wait()


def test_ensure(hook, group):
    """A group is made once, and one that is there stays as it is."""
    assert hook.ensure_resource_group("eastus2", group, tags={"team": "sales"}) == {
        "name": group,
        "location": "eastus2",
        "created": True,
    }
    assert hook.ensure_resource_group("westeurope", group) == {
        "name": group,
        "location": "eastus2",
        "created": False,
    }
    with hook.get_resource_client() as client:
        assert client.resource_groups.get(group).tags == {"team": "sales"}


def test_ensure_the_connection_s(connect, group):
    """Without a name it is the connection's."""
    connect(resource_group=group)
    assert ADLSGen1Hook().ensure_resource_group("eastus2")["name"] == group


def test_no_right(connect, emulator):
    """A missing role is reported with what to do."""
    emulator.add_principal(OTHER, "good~Secret.0123456789")
    connect(login=OTHER, password="good~Secret.0123456789")
    with pytest.raises(AccessDeniedError, match=r"What to do: in the subscription this client lacks a role"):
        ADLSGen1Hook().ensure_resource_group("eastus2", "any")


def test_no_token(connect, emulator):
    """A failed sign-in is raised as itself, without the secret."""
    connect(login=emulator.client_id, password="wrong~Secret.0123456789")
    with pytest.raises(SignInError) as caught:
        ADLSGen1Hook().ensure_resource_group("eastus2", "any")
    assert "wrong~Secret" not in str(caught.value)


def test_refused(hook, group):
    """The service's own words are kept, with its code and request id."""
    with pytest.raises(InvalidRequestError, match="atlantis") as caught:
        hook.ensure_resource_group("atlantis", group)
    assert caught.value.operation == "resource_groups.create_or_update"
    assert caught.value.remote_exception
    assert caught.value.request_id


def test_no_answer(connect, monkeypatch):
    """Where nobody listens, the error is that the service is unreachable."""
    connect(retries=0)
    hook = ADLSGen1Hook()
    hook.arm_credentials.get_token()
    cloud = replace(hook.settings.cloud, resource_manager="https://127.0.0.1:9")
    hook.__dict__["settings"] = replace(hook.settings, cloud=cloud)
    with pytest.raises(ServiceUnreachableError, match=r"did not answer.*check the cloud, resource_manager"):
        hook.ensure_resource_group("eastus2", "any")


@pytest.mark.parametrize("body", ["<html>", "[]"])
def test_what_answers_in_its_place(hook, emulator, body):
    """An answer that is not the Resource Manager's is reported as another server's."""
    with (
        emulator.fault(operation="resource_groups.get", status=200, body=body),
        pytest.raises(ServiceError, match=r"not the Resource Manager's: .* What to do: the reply did not"),
    ):
        hook.ensure_resource_group("eastus2", "any")


def test_untrusted_certificate(connect, hook):
    """A certificate that is not trusted is reported with what to do."""
    signed_in = hook.arm_credentials
    connect(ca_file=certifi.where(), retries=0)
    distrustful = ADLSGen1Hook()
    distrustful.arm_credentials = signed_in
    with pytest.raises(ServiceUnreachableError, match=r"What to do: .* connection's field ca_file"):
        distrustful.ensure_resource_group("eastus2", "any")


def test_without_the_extra(hook, monkeypatch):
    """Where azure-mgmt-resource is not installed, it is said how to."""
    monkeypatch.setitem(sys.modules, "azure.mgmt.resource", None)
    monkeypatch.delitem(sys.modules, "azure.mgmt.resource.resources", raising=False)
    for call in (check_resource_extra, lambda: hook.ensure_resource_group("eastus2", "any")):
        with pytest.raises(ValueError, match="pip install azure-mgmt-resource"):
            call()
