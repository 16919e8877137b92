"""Shared access signatures, as the SDKs make them."""

from __future__ import annotations

import datetime as dt

import pytest
from azure.storage.blob import (
    AccessPolicy,
    BlobServiceClient,
    generate_account_sas,
    generate_container_sas,
)
from azure.storage.filedatalake import (
    DataLakeServiceClient,
    generate_directory_sas,
    generate_file_sas,
    generate_file_system_sas,
)

from airflow_provider_adls.emulator.gen2.sign_in import shared_key
from tests.emulator.gen2.conftest import STORAGE, verdict

HOUR = dt.timedelta(hours=1)
LIST = "resource=filesystem&recursive=true"


def in_an_hour():
    return dt.datetime.now(dt.UTC) + HOUR


def account_sas(gen2, permission="rwdl", types="sco", services="b", **options):
    return generate_account_sas(
        gen2.name,
        gen2.key,
        types,
        permission,
        options.pop("expiry", in_an_hour()),
        services=services,
        **options,
    )


def get(gen2, path, sas, face="dfs", method="GET", **options):
    return verdict(gen2.send(method, face, f"{path}{'&' if '?' in path else '?'}{sas}", **options))


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
@pytest.mark.parametrize(
    ("options", "face", "path", "expected"),
    [
        ({}, "dfs", "/raw/a", "in"),
        ({}, "blob", "/raw?restype=container&comp=list", "in"),
        ({}, "blob", "/?comp=list", "in"),
        ({"services": "q"}, "dfs", "/raw/a", "AuthorizationServiceMismatch"),
        ({"types": "c"}, "dfs", "/raw/a", "AuthorizationResourceTypeMismatch"),
        ({"types": "o"}, "blob", "/raw?restype=container&comp=list", "AuthorizationResourceTypeMismatch"),
        ({"permission": "w"}, "dfs", "/raw/a", "AuthorizationPermissionMismatch"),
        ({"permission": "r"}, "blob", "/?comp=list", "AuthorizationPermissionMismatch"),
        ({"expiry": "2020-01-01"}, "dfs", "/raw/a", "AuthenticationFailed"),
        ({"expiry": "tomorrow"}, "dfs", "/raw/a", "AuthenticationFailed"),
        ({"start": "2099-01-01T00:00:00Z"}, "dfs", "/raw/a", "AuthenticationFailed"),
        ({"start": "2020-01-01T00:00Z"}, "dfs", "/raw/a", "in"),
        ({"ip": "127.0.0.1"}, "dfs", "/raw/a", "in"),
        ({"ip": "127.0.0.0-127.0.0.9"}, "dfs", "/raw/a", "in"),
        ({"ip": "10.0.0.1"}, "dfs", "/raw/a", "AuthorizationSourceIPMismatch"),
        ({"ip": "nowhere"}, "dfs", "/raw/a", "AuthorizationSourceIPMismatch"),
        ({"protocol": "https"}, "dfs", "/raw/a", "in"),
        ({"protocol": "http"}, "dfs", "/raw/a", "AuthorizationProtocolMismatch"),
        ({"encryption_scope": "mine"}, "dfs", "/raw/a", "in"),
    ],
)
def test_account_sas(gen2, options, face, path, expected):
    """A signature for an account is checked for services, types, permissions, time, address and protocol."""
    assert get(gen2, path, account_sas(gen2, **options), face) == expected


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
@pytest.mark.parametrize("version", ["2026-10-06", "2020-12-06", "2020-08-04", "2018-11-09", "2015-04-05"])
def test_versions_sign_other_lines(gen2, version):
    """Each version of a signature is known by what it signs, for an account and for a container."""
    lines = ["r", "b", "o", "", "2099-01-01", "", "", version]
    if version >= "2020-12-06":
        lines.append("")
    text = "".join(f"{line}\n" for line in (gen2.name, *lines))
    signature = {"sv": version, "ss": "b", "srt": "o", "sp": "r", "se": "2099-01-01"}
    signature["sig"] = shared_key.sign(gen2.key, text)
    assert verdict(gen2.send("GET", "dfs", "/raw/a", params=signature)) == "in"
    head = ["r", "", "2099-01-01", f"/blob/{gen2.name}/raw", "", "", "", version]
    middle = ["c", ""] if version >= "2018-11-09" else []
    middle += [""] if version >= "2020-12-06" else []
    signature = {"sv": version, "sr": "c", "sp": "r", "se": "2099-01-01"}
    signature["sig"] = shared_key.sign(gen2.key, "\n".join((*head, *middle, *[""] * 5)))
    assert verdict(gen2.send("GET", "dfs", "/raw/a", params=signature)) == "in"


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
@pytest.mark.parametrize("field", ["sp", "se", "ss", "srt", "sip", "spr", "sv"])
def test_a_changed_signature_is_refused(gen2, field):
    """Whoever changes a part of a signature is refused: each part is signed."""
    from urllib.parse import parse_qsl, urlencode

    fields = dict(parse_qsl(account_sas(gen2, ip="127.0.0.1", protocol="https", permission="r")))
    other = {"sp": "rw", "se": "2099-01-01", "ss": "bq", "srt": "o", "sip": "127.0.0.0-127.0.0.2"}
    fields[field] = {**other, "spr": "https,http", "sv": "2021-12-02"}[field]
    assert get(gen2, "/raw/a", urlencode(fields)) == "AuthenticationFailed"


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
@pytest.mark.parametrize(
    ("path", "face", "method", "expected"),
    [
        ("/raw/dir/a", "dfs", "GET", "in"),
        ("/raw/dir%2Fa", "dfs", "GET", "in"),
        (f"/raw?{LIST}", "dfs", "GET", "in"),
        ("/raw?restype=container&comp=list", "blob", "GET", "in"),
        ("/other/a", "dfs", "GET", "AuthenticationFailed"),
        ("/raw?resource=filesystem", "dfs", "DELETE", "AuthorizationFailure"),
        ("/?resource=account", "dfs", "GET", "AuthenticationFailed"),
        ("/raw/a", "dfs", "DELETE", "AuthorizationPermissionMismatch"),
    ],
)
def test_container_sas(gen2, path, face, method, expected):
    """A signature for a container is good for its files and its lists, not for the container itself."""
    sas = generate_file_system_sas(gen2.name, "raw", gen2.key, "rl", in_an_hour())
    assert get(gen2, path, sas, face, method) == expected


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/raw/dir/sub/a", "in"),
        ("/raw/dir/sub", "in"),
        ("/raw/dir/sub/deep/b", "in"),
        (f"/raw?{LIST}&directory=dir%2Fsub", "in"),
        ("/raw/dir", "AuthenticationFailed"),
        ("/raw/dir/other", "AuthenticationFailed"),
        ("/raw/dir/subside", "AuthenticationFailed"),
        (f"/raw?{LIST}", "AuthenticationFailed"),
        (f"/raw?{LIST}&directory=dir", "AuthenticationFailed"),
    ],
)
def test_directory_sas(gen2, path, expected):
    """A signature for a directory is good for what is in it, and not for its parents and siblings."""
    sas = generate_directory_sas(gen2.name, "raw", "dir/sub", gen2.key, "rl", in_an_hour())
    assert "sdd=2" in sas
    assert get(gen2, path, sas) == expected


@pytest.mark.fidelity("assumed", "clients write the root in three ways")
@pytest.mark.parametrize("slashes", ["", "/", "//"])
def test_root_directory_sas(gen2, slashes):
    """A signature for the root directory is good for all files of the container."""
    signature = {"sv": "2021-12-02", "sr": "d", "sdd": "0", "sp": "r", "se": "2099-01-01"}
    lines = ["r", "", "2099-01-01", f"/blob/{gen2.name}/raw{slashes}", "", "", "", "2021-12-02", "d"]
    signature["sig"] = shared_key.sign(gen2.key, "\n".join((*lines, *[""] * 7)))
    assert verdict(gen2.send("GET", "dfs", "/raw/dir/a", params=signature)) == "in"


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
def test_file_sas(gen2):
    """A signature for a file is good for that file alone, and for what it permits."""
    name = "scheduled__2026-11-29T00:00:00+00:00 [1]%.csv"
    sas = generate_file_sas(gen2.name, "raw", "dir", name, gen2.key, "r", in_an_hour())
    from urllib.parse import quote

    path = f"/raw/dir/{quote(name)}"
    assert get(gen2, path, sas) == "in"
    assert get(gen2, path, sas, method="DELETE") == "AuthorizationPermissionMismatch"
    assert get(gen2, "/raw/dir/b", sas) == "AuthenticationFailed"


@pytest.mark.fidelity("documented", "Create a service SAS; Hadoop ABFS, which asks for m at both ends")
@pytest.mark.parametrize(
    ("own", "destination", "source", "expected"),
    [
        (None, "rwm", "dir/a", "in"),
        (None, "rw", "dir/a", "AuthorizationPermissionMismatch"),
        (None, "rwm", "secret/a", "AuthenticationFailed"),
        ("rd", "rw", "secret/a", "in"),
        ("r", "rw", "secret/a", "AuthorizationPermissionMismatch"),
    ],
)
def test_rename_needs_a_right_at_both_ends(gen2, own, destination, source, expected):
    """A rename is let in if a signature permits it at the source: the request's, or the source's own."""
    sas = generate_directory_sas(gen2.name, "raw", "dir", gen2.key, destination, in_an_hour())
    header = f"/raw/{source}"
    if own:
        header += "?" + generate_directory_sas(gen2.name, "raw", "secret", gen2.key, own, in_an_hour())
    headers = {"x-ms-rename-source": header}
    assert get(gen2, "/raw/dir/b?mode=legacy", sas, method="PUT", headers=headers) == expected


@pytest.mark.fidelity("documented", "Define a stored access policy")
def test_a_stored_access_policy_says_the_rest(gen2):
    """A signature that names a policy of the container has its times and permissions, while it exists."""
    client = gen2.client(BlobServiceClient, host="blob").get_container_client("raw")
    policy = AccessPolicy("r", in_an_hour(), dt.datetime.now(dt.UTC) - HOUR)
    late = AccessPolicy("r", dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    client.set_container_access_policy({"readers": policy, "late": late})

    def signed(name):
        return generate_container_sas(gen2.name, "raw", gen2.key, policy_id=name)

    assert get(gen2, "/raw/a", signed("readers")) == "in"
    assert get(gen2, "/raw/a", signed("readers"), method="DELETE") == "AuthorizationPermissionMismatch"
    assert get(gen2, "/raw/a", signed("late")) == "AuthenticationFailed"
    assert get(gen2, "/raw/a", signed("none")) == "AuthenticationFailed"
    client.set_container_access_policy({})
    assert get(gen2, "/raw/a", signed("readers")) == "AuthenticationFailed"


@pytest.mark.fidelity("own")
def test_expiry_is_by_the_emulators_clock(own_gen2):
    """A signature ends when the emulator's clock says so."""
    sas = account_sas(own_gen2)
    assert get(own_gen2, "/raw/a", sas) == "in"
    own_gen2.emulator.clock.move(2 * HOUR.total_seconds())
    assert get(own_gen2, "/raw/a", sas) == "AuthenticationFailed"


def delegation_key(gen2, **who):
    class Credential:
        def get_token(self, *_scopes, **_options):
            from azure.core.credentials import AccessToken

            token = gen2.browser.bearer(STORAGE, **who)["Authorization"].partition(" ")[2]
            return AccessToken(token, 2**31)

    client = gen2.client(DataLakeServiceClient, Credential())
    return client.get_user_delegation_key(dt.datetime.now(dt.UTC) - HOUR, in_an_hour())


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
@pytest.mark.parametrize(
    ("permission", "path", "method", "expected"),
    [
        ("rl", "/raw/dir/a", "GET", "in"),
        ("rl", "/raw/dir/a", "DELETE", "AuthorizationPermissionMismatch"),
        ("rl", "/raw/b", "GET", "AuthenticationFailed"),
    ],
)
@pytest.mark.parametrize("agent", ["preauthorized_agent_object_id", "correlation_id", None])
def test_user_delegation_sas(gen2, permission, path, method, expected, agent):
    """A signature of a user delegation key is checked as one of the account's key is."""
    options = {agent: "7d53815c-1b73-49ab-b44d-002bfb890633"} if agent else {}
    sas = generate_directory_sas(
        gen2.name, "raw", "dir", delegation_key(gen2), permission, in_an_hour(), **options
    )
    assert get(gen2, path, sas, method=method) == expected


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
def test_user_delegation_sas_of_a_container(gen2):
    """A container's signature by a user delegation key is good on the Blob face too."""
    key = delegation_key(gen2)
    sas = generate_container_sas(
        gen2.name, "raw", user_delegation_key=key, permission="l", expiry=in_an_hour()
    )
    assert get(gen2, "/raw?restype=container&comp=list", sas, "blob") == "in"


@pytest.mark.fidelity("documented", "azure-storage-blob 12.31; the codes are assumed")
def test_a_delegated_user_brings_a_token_too(own_gen2):
    """A signature for one user is good together with that user's token, and with no other."""
    emulator = own_gen2.emulator
    user = emulator.add_principal("user", "secret")
    emulator.add_principal("another", "secret")
    sas = generate_directory_sas(
        own_gen2.name,
        "raw",
        "dir",
        delegation_key(own_gen2),
        "r",
        in_an_hour(),
        user_delegation_oid=user.object_id,
    )
    tokens = {
        name: own_gen2.browser.bearer(STORAGE, client_id=name, client_secret="secret")
        for name in ("user", "another")
    }
    assert get(own_gen2, "/raw/dir/a", sas, headers=tokens["user"]) == "in"
    assert get(own_gen2, "/raw/dir/a", sas, headers=tokens["another"]) == "AuthenticationFailed"
    assert get(own_gen2, "/raw/dir/a", sas) == "InvalidAuthenticationInfo"


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
def test_a_user_delegation_key_ends(own_gen2):
    """A signature ends with the key that made it, whatever it says itself."""
    key = delegation_key(own_gen2)
    sas = generate_file_system_sas(own_gen2.name, "raw", key, "r", in_an_hour() + 5 * HOUR)
    assert get(own_gen2, "/raw/a", sas) == "in"
    own_gen2.emulator.clock.move(2 * HOUR.total_seconds())
    assert get(own_gen2, "/raw/a", sas) == "AuthenticationFailed"


@pytest.mark.fidelity("documented", "Get User Delegation Key; which code of the two is assumed")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<KeyInfo>", "InvalidXmlDocument"),
        ("<KeyInfo><Start>2020-01-01T00:00:00Z</Start></KeyInfo>", "InvalidXmlNodeValue"),
        ("<KeyInfo><Start>now</Start><Expiry>2099-01-01T00:00:00Z</Expiry></KeyInfo>", "InvalidXmlNodeValue"),
        ("<KeyInfo><Expiry>2099-01-01T00:00:00Z</Expiry></KeyInfo>", "InvalidXmlNodeValue"),
    ],
)
def test_a_key_that_cannot_be(gen2, body, code):
    """A key is asked for with times that can be, and for seven days at most."""
    path = "/?restype=service&comp=userdelegationkey"
    answer = gen2.send("POST", "blob", path, data=body, headers=gen2.browser.bearer(STORAGE))
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (400, code)


@pytest.mark.fidelity("documented", "Get User Delegation Key; the codes are assumed")
def test_only_a_role_gets_a_key(own_gen2):
    """A user delegation key is for principals with a role; a signature or a key cannot ask for one."""
    own_gen2.emulator.add_principal("nobody", "secret")
    headers = own_gen2.browser.bearer(STORAGE, client_id="nobody", client_secret="secret")
    path = "/?restype=service&comp=userdelegationkey"
    answer = own_gen2.send("POST", "blob", path, headers=headers)
    assert verdict(answer) == "AuthorizationPermissionMismatch"
    assert get(own_gen2, path, account_sas(own_gen2), "blob", "POST") == "AuthenticationFailed"


@pytest.mark.fidelity("documented", "Create a user delegation SAS")
@pytest.mark.parametrize(
    ("role", "agent", "expected"),
    [
        ("owner", None, (201, "in")),
        ("owner", "preauthorized_agent_object_id", (201, "in")),
        ("owner", "agent_object_id", (403, "AuthorizationPermissionMismatch")),
        ("contributor", None, (201, "in")),
        ("reader", None, (403, "AuthorizationPermissionMismatch")),
    ],
)
def test_a_delegated_signature_gives_no_more_than_its_owner_has(own_gen2, role, agent, expected):
    """The role of the key's owner binds what it signed, and an agent who is not preauthorized needs ACLs."""
    own_gen2.emulator.add_principal("signer", "secret", storage_role=role)
    key = delegation_key(own_gen2, client_id="signer", client_secret="secret")
    options = {agent: "7d53815c-1b73-49ab-b44d-002bfb890633"} if agent else {}
    sas = generate_file_system_sas(own_gen2.name, "raw", key, "rwl", in_an_hour(), **options)
    answer = own_gen2.send("PUT", "dfs", f"/raw/a?resource=file&{sas}")
    assert (answer.status_code, verdict(answer)) == expected


@pytest.mark.fidelity("documented", "Create a service SAS: c creates files, and changes none")
def test_a_signature_that_creates_overwrites_nothing(gen2):
    """With the permission to create alone a new file is made, and an existing one is not replaced."""
    sas = generate_file_system_sas(gen2.name, "raw", gen2.key, "c", in_an_hour())
    made = [gen2.send("PUT", "dfs", f"/raw/new?resource=file&{sas}").status_code for _ in range(2)]
    assert made == [201, 403]
