import time

import adal
import pytest
from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient
from msrestazure.azure_active_directory import AADTokenCredentials

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential, ResourceManagerCredential
from airflow_provider_adls.auth.tokens import TOKENS, AccessToken
from airflow_provider_adls.model.clouds import emulator_cloud


@pytest.fixture
def source(emulator):
    """A principal of its own for each test, so that no other test has signed it in."""
    client = f"client-{time.time_ns()}"
    emulator.add_principal(client_id=client, client_secret="its secret", super_user=True)
    return ClientSecret(
        emulator.tenant_id, client, "its secret", emulator_cloud(emulator.url), emulator.ca_file
    )


def management_client(credentials, emulator) -> DataLakeStoreAccountManagementClient:
    client = DataLakeStoreAccountManagementClient(
        credentials, emulator.subscription_id, base_url=emulator.url
    )
    client.config.connection.verify = emulator.ca_file
    return client


def accounts(credentials, emulator) -> list[str]:
    with management_client(credentials, emulator) as client:
        return [account.name for account in client.accounts.list()]


def test_the_snippet_that_users_know(emulator, account):
    """The sign-in by adal and AADTokenCredentials that users know lists the emulator's accounts."""
    context = adal.AuthenticationContext(
        f"{emulator.url}/{emulator.tenant_id}",
        validate_authority=False,
        api_version=None,
        verify_ssl=emulator.ca_file,
    )
    token = context.acquire_token_with_client_credentials(
        "https://management.core.windows.net/", emulator.client_id, emulator.client_secret
    )
    assert account in accounts(AADTokenCredentials(token, emulator.client_id), emulator)


def test_the_resource_manager_credential_is_one_of_msrestazure(source, emulator, account):
    """It is an AADTokenCredentials, and the management client lists accounts with it."""
    credential = ResourceManagerCredential(source)
    assert isinstance(credential, AADTokenCredentials)
    assert account in accounts(credential, emulator)
    assert credential.token["access_token"] == credential.get_token("any/.default").token


def test_nothing_is_asked_before_the_first_use(source, emulator):
    """Making a credential opens nothing."""
    emulator.clear_requests()
    ResourceManagerCredential(source)
    DataLakeCredential(source)
    assert list(emulator.requests) == []


def test_a_refused_token_is_replaced_at_once(source, emulator, account):
    """When the service refuses the token, the same call signs in again and succeeds."""
    credential = ResourceManagerCredential(source)
    first = credential.get_token().token
    entry = TOKENS._entries[source.key(credential._shared.audience)]
    entry.token = AccessToken(first[:-6] + "forged", entry.token.expires_on)
    emulator.clear_requests()
    assert account in accounts(credential, emulator)
    assert [request.status for request in emulator.requests] == [401, 200, 200]


def test_a_session_of_ones_own(source, emulator, account):
    """`signed_session` signs a session that is given, or a new one, for the file system."""
    credential = DataLakeCredential(source)
    with credential.signed_session() as session:
        answer = session.get(
            f"{emulator.url}/adls/{account}/webhdfs/v1/?op=GETFILESTATUS", verify=emulator.ca_file
        )
        assert answer.json()["FileStatus"]["type"] == "DIRECTORY"
        assert credential.signed_session(session) is session


def test_a_session_shows_the_token(source):
    """The file system's token stands in the session's header, where an older SDK looks for it."""
    credential = DataLakeCredential(source)
    with credential.signed_session() as session:
        assert session.headers["Authorization"] == f"Bearer {credential.get_token().token}"


def test_the_audiences_are_apart(source, emulator, account):
    """The Resource Manager's token opens no file system."""
    with ResourceManagerCredential(source).signed_session() as session:
        answer = session.get(
            f"{emulator.url}/adls/{account}/webhdfs/v1/?op=GETFILESTATUS", verify=emulator.ca_file
        )
    assert answer.status_code == 401
