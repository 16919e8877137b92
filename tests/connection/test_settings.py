"""A connection's fields, as Airflow's own `Connection` holds them."""

import json
import logging
import traceback
from dataclasses import replace

import airflow
import pytest
from airflow.providers.common.compat.sdk import Connection

from airflow_provider_adls.connection.settings import ConnectionSettings, parse_connection
from airflow_provider_adls.connection_form import FIELDS
from airflow_provider_adls.model.clouds import CHINA, PUBLIC, Cloud
from airflow_provider_adls.model.errors import ConnectionFieldError

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
SUBSCRIPTION = "33333333-3333-4333-8333-333333333333"
SECRET = "s~cret.With-Marks_and+more=="


def connection(login=CLIENT, password=SECRET, extra=None, **fields):
    return Connection(
        conn_id="lake",
        conn_type="adls_gen1",
        login=login,
        password=password,
        extra=json.dumps({"tenant_id": TENANT, **fields}) if extra is None else extra,
    )


def refusal(**fields):
    with pytest.raises(ConnectionFieldError) as caught:
        parse_connection(connection(**fields))
    assert SECRET not in str(caught.value)
    return caught.value


def test_every_field():
    """All fields reach the settings, checked and in the form that is used."""
    settings = parse_connection(
        connection(
            account_name="MyLake.azuredatalakestore.net",
            subscription_id=SUBSCRIPTION,
            resource_group="analytics",
            cloud="China",
            endpoint="https://{account}.lake.example.com/",
        )
    )
    assert settings == ConnectionSettings(
        conn_id="lake",
        tenant_id=TENANT,
        client_id=CLIENT,
        client_secret=SECRET,
        cloud=CHINA.with_endpoint("https://{account}.lake.example.com"),
        account_name="mylake",
        subscription_id=SUBSCRIPTION,
        resource_group="analytics",
    )


def test_the_least_that_signs_in():
    """Tenant, client and secret are enough, and mean the public cloud."""
    settings = parse_connection(connection())
    assert (settings.cloud, settings.account_name, settings.ca_file) == (PUBLIC, None, None)


def test_a_connection_to_something_else():
    """A connection of another type is refused for its type, whatever fields it has."""
    stored = Connection(conn_id="api", conn_type="http", host="api.example.com", login="me", password="x")
    with pytest.raises(
        ConnectionFieldError, match=r"'api' is of type 'http': give the id .* 'adls_gen1'"
    ) as caught:
        parse_connection(stored)
    assert caught.value.field == "conn_type"


def test_a_repr_hides_the_secret():
    """The secret is not in the settings' repr."""
    assert SECRET not in repr(parse_connection(connection()))


def test_pasted_white_space_is_taken_off():
    """White space around values is not a part of them."""
    settings = parse_connection(connection(login=f" {CLIENT}\n", tenant_id=f"\t{TENANT} ", cloud=" public "))
    assert (settings.client_id, settings.tenant_id, settings.cloud) == (CLIENT, TENANT, PUBLIC)


def test_a_secret_is_sent_as_it_stands(caplog):
    """White space around the secret stays, with a warning that does not show it."""
    with caplog.at_level(logging.WARNING):
        settings = parse_connection(connection(password=f"{SECRET}\n"))
    assert settings.client_secret == f"{SECRET}\n"
    assert "white space" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"login": None}, "login"),
        ({"login": "  "}, "login"),
        ({"password": None}, "password"),
        ({"password": ""}, "password"),
        ({"tenant_id": None}, "tenant_id"),
        ({"tenant_id": ""}, "tenant_id"),
    ],
)
def test_a_missing_field_is_named(fields, name):
    """What is missing is named, with its label and an example."""
    error = refusal(**fields)
    assert error.field == name
    assert f"connection 'lake' leaves field {name!r} (" in str(error)
    assert "For example:" in str(error)


def test_a_missing_field_shows_the_others():
    """Names that Extra holds are shown, so that a misspelt one is seen."""
    assert "its Extra holds tenantId" in str(refusal(extra='{"tenantId": "x"}'))
    assert "its Extra holds nothing" in str(refusal(extra=""))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("tenant_id", "contoso", "neither a directory"),
        ("tenant_id", TENANT[:-1], "neither a directory"),
        ("login", "my app", "which is a GUID"),
        ("account_name", "my_lake", "is not an account name"),
        ("account_name", "lake.dfs.example.com", "is not an account name"),
        ("account_name", "lake.dfs.core.windows.net", "is a storage account (Gen2): give its container too"),
        ("account_name", "ab", "is not an account name"),
        ("container", "Raw", "is not a container's name"),
        ("container", "raw--2026", "digits and single hyphens"),
        ("container", "-raw", "is not a container's name"),
        ("container", "ab", "3 to 63"),
        ("container", "a" * 64, "3 to 63"),
        ("container", "raw/2026", "is not a container's name"),
        ("container", "$logs2", "or $web, $root or $logs"),
        ("sas_token", "sv=2024-11-04&sr=c&se=2030-01-01", "is not a shared access signature"),
        (
            "sas_token",
            "https://lake.blob.core.windows.net/raw?sv=1&sig=x&se=2030",
            "behind its question mark",
        ),
        ("subscription_id", "my subscription", "is not a subscription id"),
        ("resource_group", "ends.", "is not a resource group's name"),
        ("cloud", "azure", "is not one of public, china"),
        ("endpoint", "mylake.azuredatalakestore.net", "must start with https://"),
        ("endpoint", "http://lake.example.com", "unencrypted"),
        ("endpoint", "https://user:word@lake.example.com", "without user"),
        ("endpoint", "https://{name}.example.com", "may hold {account}, and not '{name}'"),
        ("endpoint", "https://lake.example.com/webhdfs/v1", "must end before /webhdfs/v1"),
        ("ca_file", "/no/such/file.pem", "cannot be read on this machine: No such file"),
        (
            "ca_file",
            "~nobody-of-this-name/file.pem",
            "names the home folder of a user whom this machine does not",
        ),
        ("auth_method", "password", "is not one of client_secret, client_certificate"),
        ("resource_manager", "http://arm.example.com", "unencrypted"),
        ("authority", "login.example.com", "must start with https://"),
        ("resource_manager_audience", "management", "is not the URI of a resource"),
        ("datalake_audience", "data lake", "is not the URI of a resource"),
        ("proxy", "proxy.example.com:3128", "is not the URL of a proxy"),
        ("proxy", "http://proxy:port", "is not the URL of a proxy"),
        ("connect_timeout", "0", "not a number of seconds above 0"),
        ("connect_timeout", "1e999", "not a number of seconds above 0"),
        ("read_timeout", "soon", "not a number of seconds above 0"),
        ("read_timeout", True, "must be text, not bool"),
        ("retries", "-1", "not a whole number, 0 or more"),
        ("retries", 1.5, "not a whole number, 0 or more"),
        ("tenant_id", 5, "must be text, not int"),
        ("cloud", ["public"], "must be text, not list"),
    ],
)
def test_a_malformed_field_is_named(name, value, said):
    """What is malformed is named, with what is wrong and an example."""
    error = refusal(**{name: value})
    assert error.field == name
    assert f"connection 'lake', field {name!r} (" in str(error)
    assert said in str(error)
    assert "For example:" in str(error)


def test_a_secret_in_the_client_s_field_is_not_shown():
    """Client id and secret in each other's place: the error does not show what stands in the client id's."""
    refusal(login=SECRET, password=CLIENT)


@pytest.mark.parametrize("value", [CLIENT.upper(), "https://contoso.example/apps/etl"])
def test_client_ids(value):
    """A client id may be a GUID or an application's identifier URI."""
    assert parse_connection(connection(login=value)).client_id == value


@pytest.mark.parametrize("value", [TENANT.upper(), "contoso.onmicrosoft.com", "data.example.co.uk"])
def test_tenant_ids(value):
    """A tenant may be named by id or by domain."""
    assert parse_connection(connection(tenant_id=value)).tenant_id == value


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ('{"tenant_id": "x",}', "is not JSON"),
        ("tenant_id=x", "is not JSON: Expecting value, line 1, column 1"),
        ('["tenant_id"]', "must be a JSON object, not list"),
    ],
)
def test_a_broken_extra_is_named(extra, said):
    """Extra that is not a JSON object is said to be none, and where, without what it holds."""
    error = refusal(extra=extra)
    assert error.field == "extra"
    assert said in str(error)


def test_prefixed_names():
    """Names as older Airflow forms wrote them are read too."""
    extra = json.dumps({"extra__adls_gen1__tenant_id": TENANT, "extra__adls_gen1__account_name": "lake"})
    settings = parse_connection(connection(extra=extra))
    assert (settings.tenant_id, settings.account_name) == (TENANT, "lake")


def test_the_plain_name_wins():
    """Of a plain and a prefixed name the plain one counts, unless it is empty."""
    settings = parse_connection(
        connection(
            account_name="new",
            extra__adls_gen1__account_name="old",
            resource_group="",
            extra__adls_gen1__resource_group="group",
        )
    )
    assert (settings.account_name, settings.resource_group) == ("new", "group")


def official(extra, conn_type="azure_data_lake"):
    return Connection(
        conn_id="lake", conn_type=conn_type, login=CLIENT, password=SECRET, extra=json.dumps(extra)
    )


@pytest.mark.parametrize("conn_type", ["azure_data_lake", "adls_gen1"])
@pytest.mark.parametrize("prefix", ["", "extra__azure_data_lake__"])
def test_a_connection_of_the_official_hook(prefix, conn_type):
    """What was stored for the official hook is read, prefixed too, and when only its type was changed."""
    settings = parse_connection(
        official({f"{prefix}tenant": TENANT, f"{prefix}account_name": "lake"}, conn_type)
    )
    assert settings == ConnectionSettings("lake", TENANT, CLIENT, SECRET, account_name="lake")


def test_an_official_connection_may_say_more():
    """Fields that the official hook does not know are read from its connection as well."""
    settings = parse_connection(official({"tenant": TENANT, "cloud": "china", "resource_group": "rg"}))
    assert (settings.cloud, settings.resource_group) == (CHINA, "rg")


def test_an_official_connection_without_tenant():
    """What is missing is named as the official hook's connections name it."""
    with pytest.raises(ConnectionFieldError, match=r"'tenant' .* holds managed_identity_client_id") as caught:
        parse_connection(official({"managed_identity_client_id": CLIENT}))
    assert caught.value.field == "tenant"


def test_a_required_field():
    """A field that may be empty is asked for with the purpose that it is needed for."""
    settings = parse_connection(connection(account_name="lake"))
    assert settings.required("account_name", "find it") == "lake"
    with pytest.raises(
        ConnectionFieldError, match=r"'subscription_id' .* empty, which is needed to count"
    ) as caught:
        settings.required("subscription_id", "count")
    assert caught.value.field == "subscription_id"


def test_ca_file(emulator, tmp_path):
    """A CA file must hold a certificate; one without is named."""
    settings = parse_connection(connection(ca_file=emulator.ca_file))
    assert settings.ca_file == emulator.ca_file
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    assert "holds no certificate in PEM form" in str(refusal(ca_file=str(empty)))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"login": None}, "login"),
        ({"tenant_id": ""}, "tenant_id"),
        ({}, "private_key"),
        ({"certificate_file": "/no/such.pem"}, "certificate_file"),
        ({"private_key": "x", "thumbprint": "5"}, "thumbprint"),
        ({"private_key": "x"}, "private_key"),
    ],
)
def test_what_a_certificate_needs(fields, name):
    """What signing in with a certificate needs is named, where it is missing or malformed."""
    assert refusal(auth_method="client_certificate", **fields).field == name


def test_keys_that_mean_nothing():
    """A key of Extra that is not a field, a misspelt one for instance, is reported and does no harm."""
    fields = {
        "ca-file": "/etc/ca.pem",
        "tennant": "x",
        "retries": 3,
        "extra__adls_gen1__cloud": "public",
        "x": None,
    }
    settings = parse_connection(connection(**fields))
    assert settings.unread == ("ca-file", "tennant")
    assert settings.remark == "nothing reads 'ca-file', 'tennant' of its Extra"


@pytest.mark.parametrize("key", ["private_key", "certificate_file"])
def test_a_key_without_its_method(key):
    """Where a key is given and no secret, it is the way of signing in that is missing."""
    error = refusal(password=None, **{key: "x"})
    assert error.field == "auth_method"
    assert f"but {key}. For example: client_certificate" in str(error)
    assert refusal(password=None, private_key="x", auth_method="client_secret").field == "password"


def test_text_that_is_not_pem_is_named_by_its_own_field(tmp_path, certificate):
    """A certificate file of another form is named, though the key is right; so is a path for a key."""
    (file := tmp_path / "etl.cer").write_bytes(b"0\x82\x03\x11")
    method = {"auth_method": "client_certificate"}
    error = refusal(**method, private_key=certificate.private_key, certificate_file=str(file))
    assert (error.field, "openssl pkcs12" in str(error)) == ("certificate_file", True)
    error = refusal(**method, private_key=str(file))
    assert (error.field, "belongs into certificate_file" in str(error)) == ("private_key", True)


def test_a_wrong_key_is_not_shown():
    """Neither what stands in the key's field is shown, nor a proxy's password."""
    error = refusal(auth_method="client_certificate", private_key="hush")
    assert "hush" not in str(error)
    assert "hush" not in str(refusal(proxy="ftp://user:hush@proxy"))


@pytest.mark.parametrize("method", ["managed_identity", "workload_identity", "default"])
def test_what_an_identity_needs(method):
    """Where azure-identity signs in, neither tenant nor client nor secret is needed."""
    settings = parse_connection(connection(None, None, extra=json.dumps({"auth_method": method})))
    assert settings == ConnectionSettings("lake", None, None, auth_method=method)


def test_endpoints_given_singly():
    """A custom cloud whose endpoints are all given is not asked for them."""
    given = {
        "resource_manager": "https://arm.example.com/",
        "authority": "https://login.example.com/",
        "resource_manager_audience": "https://arm.example.com/audience/",
        "datalake_audience": "https://lake.example.com/",
        "endpoint": "https://{account}.lake.example.com",
    }
    assert parse_connection(connection(cloud="custom", **given)).cloud == Cloud(
        "custom",
        "https://login.example.com",
        "https://arm.example.com",
        "https://arm.example.com/audience/",
        "https://{account}.lake.example.com",
        "https://lake.example.com/",
    )


def test_one_endpoint_of_a_known_cloud():
    """A private way to one of Azure's own endpoints leaves the others as they are."""
    settings = parse_connection(connection(resource_manager="https://arm.private.example.com"))
    assert settings.cloud == replace(PUBLIC, resource_manager="https://arm.private.example.com")


def test_a_custom_cloud_without_endpoint():
    """A custom cloud needs its Resource Manager's URL."""
    error = refusal(cloud="custom")
    assert (error.field, "Resource Manager URL" in str(error)) == ("resource_manager", True)


def test_every_example_is_right():
    """What the form shows as an example is accepted; but for the CA file, which is on no machine."""
    examples = {field.name: field.example for field in FIELDS if field.name != "ca_file"}
    assert parse_connection(connection(**examples)).account_name == examples["account_name"]


PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    "field",
    [
        field.name
        for field in FIELDS
        if field.name not in ("private_key", "resource_manager_audience", "datalake_audience", "proxy")
    ],
)
@pytest.mark.parametrize(
    "value", [PEM, PEM.replace("\n", " "), SECRET, "abc8Q~0123456789abcdefghijklmnopqrstuvwx"]
)
def test_a_secret_in_the_wrong_field(field, value):
    """An error about a field never repeats a key, the connection's own secret, or what looks like one."""
    method = {"auth_method": "client_certificate", "private_key": PEM, "cloud": "custom"}
    with pytest.raises(ConnectionFieldError) as caught:
        parse_connection(connection(**{**method, field: value}))
    assert "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" not in str(caught.value)
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "named"), [("password", "password"), ("private_key", "private_key"), ("proxy", "proxy")]
)
def test_stars_in_the_place_of_a_secret(field, named):
    """The stars that Airflow's page shows in the place of a secret are not taken for one."""
    fields = {"password": "***"} if field == "password" else {field: "***"}
    if field == "private_key":
        fields["auth_method"] = "client_certificate"
    assert (refused := refusal(**fields)).field == named
    assert "enter the value again" in str(refused)


def test_frames_of_a_field_error():
    """A traceback with the local variables of its frames, as error trackers record it, shows no secret."""
    stored = connection(private_key=PEM, cloud="nowhere")
    with pytest.raises(ConnectionFieldError) as caught:
        parse_connection(stored)
    error = caught.value.with_traceback(caught.tb.tb_next)
    shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "in parse_connection" in shown
    assert SECRET not in shown
    assert "MIIEvQ" not in shown


@pytest.mark.skipif(
    airflow.__version__ < "3", reason="Airflow 2 reads an Extra itself, and cannot store this one"
)
def test_extra_that_is_nested_without_end():
    """An Extra of 300,000 brackets is refused as any other that is not an object."""
    assert refusal(extra="[" * 300_000).field == "extra"


def test_the_emulators_resource_group(emulator, monkeypatch, tmp_path):
    """A connection to the emulator that names no resource group has the one that its accounts are in."""
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps(emulator.ready))
    monkeypatch.setenv("ADLS_GEN1_EMULATOR", str(ready))
    settings = parse_connection(connection(login=None, password=None, extra='{"cloud": "emulator"}'))
    assert settings.resource_group == "rg"
    none = '{"cloud": "emulator", "resource_group": null}'
    assert parse_connection(connection(login=None, password=None, extra=none)).resource_group is None
