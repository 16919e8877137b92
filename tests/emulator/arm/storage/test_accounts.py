"""Storage accounts by Resource Manager, through the SDK and by hand."""

from __future__ import annotations

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient, RetentionPolicy

ARM = "https://management.core.windows.net/"
VERSION = {"api-version": "2023-05-01"}
PARAMETERS = {
    "location": "East US 2",
    "kind": "StorageV2",
    "sku": {"name": "Standard_RAGRS"},
    "tags": {"team": "data"},
    "properties": {"isHnsEnabled": True},
}


class Credential:
    """The emulator's own principal, for an SDK."""

    def __init__(self, browser):
        self.browser = browser

    def get_token(self, *_scopes, **_options):
        return AccessToken(self.browser.bearer(ARM)["Authorization"].partition(" ")[2], 2**31)


def client(kind, browser):
    """Return a client that finds Resource Manager behind the proxy."""
    emulator = browser.emulator
    return kind(
        Credential(browser),
        emulator.subscription_id,
        proxies={"https": emulator.proxy_url},
        connection_verify=emulator.ca_file,
        retry_total=0,
        polling_interval=0,
    )


@pytest.fixture
def sdk(own_browser):
    """Return the SDK's client for storage accounts, at an emulator of the test's own."""
    return client(StorageManagementClient, own_browser)


@pytest.fixture
def account(sdk):
    """Return an account that the SDK has made."""
    return sdk.storage_accounts.begin_create("rg", "gen2", PARAMETERS).result()


def refusal(call):
    """Return status and code of a refused call."""
    with pytest.raises(HttpResponseError) as caught:
        call()
    return caught.value.status_code, caught.value.error.code


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
def test_an_account_is_made_and_shown(sdk, account):
    """The SDK waits for a new account, and finds it by name, in its group and in the subscription."""
    assert (account.name, account.location, account.is_hns_enabled) == ("gen2", "eastus2", True)
    assert (account.sku.name, account.sku.tier, account.kind) == ("Standard_RAGRS", "Standard", "StorageV2")
    assert account.primary_endpoints.dfs == "https://gen2.dfs.core.windows.net/"
    assert account.secondary_endpoints.blob == "https://gen2-secondary.blob.core.windows.net/"
    assert account.secondary_location == "centralus"
    assert account.provisioning_state == "Succeeded"
    assert sdk.storage_accounts.get_properties("RG", "gen2").id == account.id
    assert [each.name for each in sdk.storage_accounts.list_by_resource_group("rg")] == ["gen2"]
    assert [each.name for each in sdk.storage_accounts.list()] == ["gen2"]


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
def test_an_account_is_changed(sdk, account):
    """A change sets the properties that it names; tags are replaced, the rest stays."""
    changed = sdk.storage_accounts.update("rg", "gen2", {"tags": {"a": "1"}, "sku": {"name": "Standard_LRS"}})
    assert (changed.tags, changed.sku.name, changed.is_hns_enabled) == ({"a": "1"}, "Standard_LRS", True)
    again = sdk.storage_accounts.begin_create("rg", "gen2", PARAMETERS).result()
    assert (again.tags, again.creation_time) == ({"team": "data"}, account.creation_time)


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
def test_a_name_is_free_until_it_is_taken(sdk):
    """The check of a name says whether it is free, taken, or cannot be."""
    check = sdk.storage_accounts.check_name_availability
    wanted = {"type": "Microsoft.Storage/storageAccounts"}
    assert check({"name": "gen2", **wanted}).name_available
    sdk.storage_accounts.begin_create("rg", "gen2", PARAMETERS).result()
    taken = check({"name": "gen2", **wanted})
    assert (taken.name_available, taken.reason) == (False, "AlreadyExists")
    assert taken.message == "The storage account named gen2 is already taken."
    assert check({"name": "Gen-2", **wanted}).reason == "AccountNameInvalid"


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
@pytest.mark.usefixtures("account")
def test_an_account_goes_with_its_files(sdk, own_browser):
    """A deleted account is gone, and deleting it again says that there is none; its host is not served."""
    assert "gen2" in own_browser.emulator.storage_accounts
    sdk.storage_accounts.delete("rg", "gen2")
    with pytest.raises(ResourceNotFoundError, match="under resource group 'rg' was not found"):
        sdk.storage_accounts.get_properties("rg", "gen2")
    sdk.storage_accounts.delete("rg", "gen2")
    assert own_browser.emulator.storage_accounts == {}


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
@pytest.mark.usefixtures("account")
def test_keys_open_the_account_until_they_are_regenerated(sdk, own_browser):
    """The listed keys are those that open the account; a new key takes the place of the old one at once."""
    emulator = own_browser.emulator
    keys = {key.key_name: key.value for key in sdk.storage_accounts.list_keys("rg", "gen2").keys_property}
    assert keys == {name: emulator.storage_accounts["gen2"][name] for name in ("key1", "key2")}

    def come_in(key):
        options = {"proxies": {"https": emulator.proxy_url}, "connection_verify": emulator.ca_file}
        url = "https://gen2.blob.core.windows.net"
        client = BlobServiceClient(url, credential=key, retry_total=0, **options)
        try:
            client.get_account_information()
        except HttpResponseError as error:
            return error.error_code != "AuthenticationFailed"
        return True

    assert come_in(keys["key2"])
    listed = sdk.storage_accounts.regenerate_key("rg", "gen2", {"keyName": "key2"}).keys_property
    new = {key.key_name: key.value for key in listed}
    assert new["key1"] == keys["key1"]
    assert [come_in(key) for key in (new["key1"], new["key2"], keys["key2"])] == [True, True, False]


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
@pytest.mark.usefixtures("account")
def test_soft_delete_is_switched_on(sdk):
    """Soft delete is off until it is set, and stays set where a change does not name it."""
    services = sdk.blob_services
    assert services.get_service_properties("rg", "gen2").delete_retention_policy.enabled is False
    policy = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 7}}}
    services.set_service_properties("rg", "gen2", policy)
    services.set_service_properties("rg", "gen2", {"properties": {"cors": {"corsRules": []}}})
    (found,) = services.list("rg", "gen2")
    assert (found.delete_retention_policy.enabled, found.delete_retention_policy.days) == (True, 7)
    off = {"properties": {"deleteRetentionPolicy": {"enabled": False}}}
    services.set_service_properties("rg", "gen2", off)
    assert services.get_service_properties("rg", "gen2").delete_retention_policy.enabled is False
    too_long = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 366}}}
    set_policy = services.set_service_properties
    assert refusal(lambda: set_policy("rg", "gen2", too_long)) == (400, "InvalidValuesForRequestParameters")


@pytest.mark.fidelity("documented", "Blob service properties have one soft-delete policy")
@pytest.mark.usefixtures("account")
def test_soft_delete_is_one_setting(own_browser, sdk):
    """Resource Manager and the Blob service show each other's changes; both show the account's sku."""
    emulator = own_browser.emulator
    key = sdk.storage_accounts.list_keys("rg", "gen2").keys_property[0].value
    options = {"proxies": {"https": emulator.proxy_url}, "connection_verify": emulator.ca_file}
    with BlobServiceClient("https://gen2.blob.core.windows.net", credential=key, **options) as blobs:
        blobs.set_service_properties(delete_retention_policy=RetentionPolicy(enabled=True, days=5))
        shown = sdk.blob_services.get_service_properties("rg", "gen2").delete_retention_policy
        assert (shown.enabled, shown.days) == (True, 5)
        for policy in ({"enabled": True, "days": 9}, {"enabled": False}):
            given = {"properties": {"deleteRetentionPolicy": policy}}
            sdk.blob_services.set_service_properties("rg", "gen2", given)
            read = blobs.get_service_properties()["delete_retention_policy"]
            assert (read.enabled, read.days) == (policy["enabled"], policy.get("days"))
        sku = sdk.storage_accounts.get_properties("rg", "gen2").sku.name
        assert blobs.get_account_information()["sku_name"] == sku


@pytest.mark.fidelity("assumed", "listings of containers by Resource Manager know deleted ones")
@pytest.mark.usefixtures("account")
def test_a_container_deleted_as_a_resource_is_kept(own_browser, sdk):
    """A container that Resource Manager deletes is restored with its files where soft delete is on."""
    emulator = own_browser.emulator
    key = sdk.storage_accounts.list_keys("rg", "gen2").keys_property[0].value
    policy = {"properties": {"containerDeleteRetentionPolicy": {"enabled": True, "days": 7}}}
    sdk.blob_services.set_service_properties("rg", "gen2", policy)
    options = {"proxies": {"https": emulator.proxy_url}, "connection_verify": emulator.ca_file}
    with BlobServiceClient("https://gen2.blob.core.windows.net", credential=key, **options) as blobs:
        blobs.create_container("kept").upload_blob("f", b"abc")
        sdk.blob_containers.delete("rg", "gen2", "kept")
        (found,) = (each for each in blobs.list_containers(include_deleted=True) if each.deleted)
        blobs.undelete_container(found.name, found.version)
        assert blobs.get_blob_client("kept", "f").download_blob().readall() == b"abc"


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
@pytest.mark.usefixtures("account")
def test_containers_come_and_go(sdk):
    """Containers are made, listed, changed and deleted as resources."""
    containers = sdk.blob_containers
    containers.create("rg", "gen2", "raw", {"properties": {"metadata": {"a": "1"}}})
    containers.create("rg", "gen2", "curated", {})
    assert [each.name for each in containers.list("rg", "gen2")] == ["curated", "raw"]
    changed = containers.update("rg", "gen2", "raw", {"properties": {"publicAccess": "Blob"}})
    assert (changed.metadata, changed.public_access) == ({"a": "1"}, "Blob")
    found = containers.get("rg", "gen2", "raw")
    assert (found.metadata, found.public_access, found.lease_state) == ({"a": "1"}, "Blob", "Available")
    containers.delete("rg", "gen2", "raw")
    assert refusal(lambda: containers.get("rg", "gen2", "raw")) == (404, "ContainerNotFound")
    containers.delete("rg", "gen2", "raw")
    assert refusal(lambda: containers.create("rg", "gen2", "No", {})) == (400, "InvalidResourceName")


@pytest.mark.fidelity("documented", "azure-mgmt-resource 26.0")
@pytest.mark.usefixtures("account")
def test_accounts_stand_beside_those_of_the_first_generation(own_browser):
    """Both generations are resources of the subscription; a group goes with the accounts of both."""
    own_browser.emulator.create_account("gen1")
    resources = client(ResourceManagementClient, own_browser)
    listed = {each.name: each.type for each in resources.resources.list()}
    assert listed == {
        "gen1": "Microsoft.DataLakeStore/accounts",
        "gen2": "Microsoft.Storage/storageAccounts",
        "lake": "Microsoft.DataLakeStore/accounts",
    }
    assert resources.providers.get("Microsoft.Storage").registration_state == "Registered"
    resources.resource_groups.begin_delete("rg").result()
    assert own_browser.emulator.storage_accounts == {}


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
def test_a_name_may_be_that_of_a_gen1_account(sdk, own_browser):
    """The names of the two generations are apart: their hosts differ."""
    own_browser.emulator.create_account("gen2")
    assert sdk.storage_accounts.begin_create("rg", "gen2", PARAMETERS).result().name == "gen2"


@pytest.mark.fidelity("assumed", "the codes are those of answers that were published for other members")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"location": ""}, (400, "LocationRequired")),
        ({"location": "moon"}, (400, "LocationNotAvailableForResourceType")),
        ({"sku": {"name": "Gold"}}, (400, "InvalidValuesForRequestParameters")),
        ({"sku": None}, (400, "InvalidValuesForRequestParameters")),
        ({"kind": "Storage"}, (400, "InvalidValuesForRequestParameters")),
        ({"kind": "Disk"}, (400, "InvalidValuesForRequestParameters")),
        ({"colour": "blue"}, (400, "InvalidRequestContent")),
        ({"tags": {"a": 1}}, (400, "InvalidRequestContent")),
        ({"properties": []}, (400, "InvalidRequestContent")),
        ({"properties": {"isHnsEnabled": "yes"}}, (400, "InvalidValuesForRequestParameters")),
        ({"properties": {"isBlue": True}}, (400, "InvalidRequestContent")),
        ({"kind": None}, (400, "InvalidValuesForRequestParameters")),
        ({"properties": {"encryption": {"services": ["blob"]}}}, (400, "InvalidValuesForRequestParameters")),
        (
            {"properties": {"networkAcls": {"virtualNetworkRules": ["subnet"]}}},
            (400, "InvalidValuesForRequestParameters"),
        ),
        (
            {"properties": {"networkAcls": {"defaultAction": "Ask"}}},
            (400, "InvalidValuesForRequestParameters"),
        ),
        (
            {"properties": {"networkAcls": {"ipRules": {"value": "1.2.3.4"}}}},
            (400, "InvalidValuesForRequestParameters"),
        ),
        (
            {"properties": {"networkAcls": {"ipRules": [{"value": "x"}]}}},
            (400, "InvalidValuesForRequestParameters"),
        ),
    ],
)
def test_what_cannot_be_is_refused(own_browser, change, expected):
    """A definition that makes no sense is refused, and no account is made."""
    path = "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/gen2"
    answer = own_browser.arm("PUT", path, json={**PARAMETERS, **change}, params=VERSION)
    assert (answer.status_code, answer.json()["error"]["code"]) == expected
    assert own_browser.emulator.storage_accounts == {}


@pytest.mark.fidelity("documented", "answers that users published")
@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("group", "name", "change", "expected"),
    [
        ("rg", "gen2", {"location": "westus"}, (409, "InvalidResourceLocation")),
        ("rg", "gen2", {"properties": {"isHnsEnabled": False}}, (409, "AccountPropertyCannotBeUpdated")),
        ("rg", "gen2", {"kind": "BlockBlobStorage"}, (409, "AccountPropertyCannotBeUpdated")),
        ("other", "gen2", {}, (409, "StorageAccountAlreadyTaken")),
        ("rg", "No", {}, (400, "AccountNameInvalid")),
        ("none", "gen2", {}, (404, "ResourceGroupNotFound")),
    ],
)
def test_what_was_chosen_stays(own_browser, group, name, change, expected):
    """An account keeps its place, kind and namespace, and its name is its own."""
    own_browser.emulator.create_resource_group("other")
    path = f"/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"
    answer = own_browser.arm("PUT", path, json={**PARAMETERS, **change}, params=VERSION)
    assert (answer.status_code, answer.json()["error"]["code"]) == expected


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
def test_a_network_rule_keeps_others_out(sdk, own_browser):
    """An account that denies networks by default lets in the addresses of its rules alone."""
    sdk.storage_accounts.begin_create("rg", "gen2", PARAMETERS).result()

    def ask(**rules):
        rules = {"networkAcls": {"defaultAction": "Deny", **rules}}
        sdk.storage_accounts.update("rg", "gen2", {"properties": rules})
        return own_browser.send("GET", "/blob/gen2/raw/a").headers["x-ms-error-code"]

    assert ask() == "AuthorizationFailure"
    assert ask(ipRules=[{"value": "10.0.0.0/8"}]) == "AuthorizationFailure"
    assert ask(ipRules=[{"value": "127.0.0.0/8"}]) == "NoAuthenticationInformation"


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
@pytest.mark.usefixtures("account")
def test_keys_can_be_switched_off(sdk, own_browser):
    """An account without shared keys refuses requests and signatures of its keys."""
    sdk.storage_accounts.update("rg", "gen2", {"properties": {"allowSharedKeyAccess": False}})
    headers = {"Authorization": "SharedKey gen2:abc="}
    answer = own_browser.send("GET", "/blob/gen2/raw/a", headers=headers)
    assert answer.headers["x-ms-error-code"] == "KeyBasedAuthenticationNotPermitted"
    answer = own_browser.send("GET", "/blob/gen2/raw/a?sv=2021-12-02&ss=b&srt=o&sp=r&sig=x")
    assert answer.headers["x-ms-error-code"] == "KeyBasedAuthenticationNotPermitted"


@pytest.mark.fidelity("own")
def test_accounts_outlive_a_restart(tmp_path, browse):
    """An account is as it was after a restart, with its keys, and so is the operation that made it."""
    from airflow_provider_adls.emulator import Emulator

    with Emulator(data=tmp_path) as emulator, browse(emulator) as browser:
        path = "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/gen2"
        made = browser.arm("PUT", path, json=PARAMETERS, params=VERSION)
        keys = emulator.storage_accounts["gen2"]["key1"]
        shown = browser.arm("GET", path, params=VERSION).json()
    with Emulator(data=tmp_path) as emulator, browse(emulator) as browser:
        assert emulator.storage_accounts["gen2"]["key1"] == keys
        assert browser.arm("GET", path, params=VERSION).json() == shown
        where = made.headers["Location"].partition("/subscriptions/")[2].partition("/")[2].partition("?")[0]
        assert browser.arm("GET", f"/{where}", params=VERSION).json() == shown


@pytest.mark.fidelity("documented", "Microsoft.Storage permissions")
def test_only_a_super_user_manages_accounts(own_browser):
    """A principal without a role on the subscription may not list keys, whatever its role for data."""
    own_browser.emulator.add_principal("reader", "secret", storage_role="owner")
    own_browser.emulator.create_storage_account("gen2")
    headers = own_browser.bearer(ARM, client_id="reader", client_secret="secret")
    path = "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/gen2/listKeys"
    answer = own_browser.arm("POST", path, params=VERSION, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "AuthorizationFailed")
    assert "Microsoft.Storage/storageAccounts/listkeys/action" in answer.json()["error"]["message"]


@pytest.mark.fidelity("documented", "azure-mgmt-storage 25.3")
def test_revoked_delegation_keys_open_nothing_more(own_browser, sdk):
    """After a revocation a signature of a user delegation key is refused."""
    import datetime as dt

    from azure.storage.filedatalake import DataLakeServiceClient, generate_file_system_sas

    emulator = own_browser.emulator
    emulator.create_storage_account("gen2", ["raw"])

    class Storage(Credential):
        def get_token(self, *_scopes, **_options):
            token = self.browser.bearer("https://storage.azure.com/")["Authorization"].partition(" ")[2]
            return AccessToken(token, 2**31)

    service = DataLakeServiceClient(
        "https://gen2.dfs.core.windows.net",
        Storage(own_browser),
        proxies={"https": emulator.proxy_url},
        connection_verify=emulator.ca_file,
    )
    now = dt.datetime.now(dt.UTC)
    key = service.get_user_delegation_key(now, now + dt.timedelta(hours=1))
    sas = generate_file_system_sas("gen2", "raw", key, "r", now + dt.timedelta(hours=1))
    before = own_browser.send("GET", f"/dfs/gen2/raw/a?{sas}").headers.get("x-ms-error-code")
    sdk.storage_accounts.revoke_user_delegation_keys("rg", "gen2")
    after = own_browser.send("GET", f"/dfs/gen2/raw/a?{sas}").headers.get("x-ms-error-code")
    assert before != "AuthenticationFailed"
    assert after == "AuthenticationFailed"


@pytest.mark.fidelity("own")
def test_files_of_flat_accounts_are_not_served(own_browser):
    """An account without a hierarchical namespace is kept and shown; its files are refused."""
    path = "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/flat"
    body = {**PARAMETERS, "properties": {"isHnsEnabled": False}}
    assert own_browser.arm("PUT", path, json=body, params=VERSION).status_code == 202
    assert own_browser.arm("GET", path, params=VERSION).json()["properties"]["isHnsEnabled"] is False
    answer = own_browser.send("GET", "/dfs/flat/raw/a")
    assert answer.status_code == 501
    assert "create it with isHnsEnabled" in answer.json()["error"]["message"]


@pytest.mark.usefixtures("account")
@pytest.mark.fidelity("recorded")
def test_usages_count_a_regions_accounts(sdk):
    """The usage of a region counts its accounts; an unknown region is refused."""
    (usage,) = sdk.usages.list_by_location("East US 2")
    assert (usage.name.value, usage.current_value, usage.limit) == ("StorageAccounts", 1, 250)
    assert [each.current_value for each in sdk.usages.list_by_location("westus")] == [0]
    code = "LocationNotAvailableForResourceType"
    assert refusal(lambda: list(sdk.usages.list_by_location("moon"))) == (400, code)
