"""Rules of an account: what people may write, and what it means."""

import pytest

from airflow_provider_adls.model.account_rules import (
    AddressRange,
    address_range,
    id_provider,
    key_vault,
    rule_name,
    subnet,
)

PROVIDERS = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers"
SUBNET = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/net/subnets/one"
VAULT = f"{PROVIDERS}/Microsoft.KeyVault/vaults/keys"


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7", "203.0.113.7"),
        ("203.0.113.0/24", "203.0.113.0", "203.0.113.255"),
        ("203.0.113.7/32", "203.0.113.7", "203.0.113.7"),
        ("203.0.113.7-203.0.113.9", "203.0.113.7", "203.0.113.9"),
        ("203.0.113.7 - 203.0.113.9", "203.0.113.7", "203.0.113.9"),
        (["203.0.113.7", "203.0.113.9"], "203.0.113.7", "203.0.113.9"),
        (("0.0.0.0", "255.255.255.255"), "0.0.0.0", "255.255.255.255"),
        (
            {"start_ip_address": "203.0.113.7", "end_ip_address": "203.0.113.9"},
            "203.0.113.7",
            "203.0.113.9",
        ),
        ("2001:DB8:0::/126", "2001:db8::", "2001:db8::3"),
        ("2001:db8::1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_address_range(value, start, end):
    """Addresses, networks and ranges in each form are first and last address in the usual spelling."""
    assert address_range(value) == AddressRange(start, end)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("203.0.113", "'203.0.113' is not an IP address"),
        ("", "'' is not an IP address"),
        ("203.0.113.0/33", "'203.0.113.0/33' is not a network of addresses"),
        ("203.0.113.1/24", "has host bits set"),
        ("203.0.113.9-203.0.113.7", "begins at 203.0.113.9, which is after its end 203.0.113.7"),
        (["203.0.113.7", "2001:db8::1"], "203.0.113.7 and 2001:db8::1 are addresses of two protocols"),
        (["203.0.113.7"], "its first and its last address"),
        ([1, 2], "must be a string such as"),
        (3232235777, "must be a string such as"),
        (None, "must be a string such as"),
        ({}, "start_ip_address and end_ip_address, not nothing"),
        ({"start_ip_address": "203.0.113.7"}, "not 'start_ip_address'"),
    ],
)
def test_no_address_range(value, said):
    """A value that is not a range is refused, with the reason."""
    with pytest.raises(ValueError, match=said):
        address_range(value)


def test_range_in_words():
    """A range reads as one address, or as two."""
    assert str(address_range("203.0.113.7")) == "203.0.113.7"
    assert str(address_range("203.0.113.0/31")) == "203.0.113.0 to 203.0.113.1"


@pytest.mark.parametrize("name", ["office", "Haupt büro (2)", "a.b", "x" * 260])
def test_rule_name(name):
    """Names that the Resource Manager takes, blanks and letters of any script among them."""
    assert rule_name(name) == name


@pytest.mark.parametrize(
    "name", ["", " ", "a/b", "a%b", "a#b", "a?b", "a\\b", "a\nb", "a.", "x" * 261, 5, None]
)
def test_no_rule_name(name):
    """Names that it does not."""
    with pytest.raises(ValueError, match="name"):
        rule_name(name)


@pytest.mark.parametrize("value", [SUBNET, SUBNET.upper()])
def test_subnet(value):
    """The id of a subnet, in any case."""
    assert subnet(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "one",
        VAULT,
        SUBNET.rpartition("/")[0],
        f"{SUBNET}/x",
        f" {SUBNET}",
        SUBNET.replace("00000000", "0"),
        5,
    ],
)
def test_no_subnet(value):
    """Another resource is not a subnet, nor is its parent."""
    with pytest.raises(ValueError, match="is not the id of a subnet"):
        subnet(value)


def test_id_provider():
    """The URL of an id provider is kept as it is."""
    assert id_provider("https://sts.windows.net/x/") == "https://sts.windows.net/x/"


@pytest.mark.parametrize(
    "value",
    [
        "sts.windows.net/x",
        "http://sts.windows.net/x",
        "https://",
        "https://a/b c",
        "https://a/?b",
        "https://a/#b",
        5,
    ],
)
def test_no_id_provider(value):
    """A value that is not an https URL of a host and a path is refused."""
    with pytest.raises(ValueError, match="is not the URL of an id provider"):
        id_provider(value)


def test_key_vault():
    """A key vault is named by its resource, not by its URL or a key in it."""
    assert key_vault(VAULT) == VAULT
    for value in ("https://keys.vault.azure.net", f"{VAULT}/keys/key", "keys", 5):
        with pytest.raises(ValueError, match="is not the id of a key vault"):
            key_vault(value)
