from __future__ import annotations

import pytest

REST = "REST reference of the Blob service"
POLICY = (
    "<SignedIdentifiers><SignedIdentifier><Id>mine</Id><AccessPolicy><Start>2020-02-26T23:55:28Z</Start>"
    "<Expiry>2020-02-27T00:55:28.12Z</Expiry><Permission>r</Permission></AccessPolicy></SignedIdentifier>"
    "</SignedIdentifiers>"
)


@pytest.mark.fidelity("recorded")
async def test_a_container_is_made_described_and_deleted(account):
    """A container has metadata and public access; a second one of its name is refused."""
    made = await account.blob("PUT", "/new?restype=container", x_meta_a="b", x_blob_public_access="container")
    assert (made.status, (await account.blob("PUT", "/new?restype=container")).code) == (
        201,
        "ContainerAlreadyExists",
    )
    read = await account.blob("GET", "/new?restype=container")
    assert (read.headers["x-ms-meta-a"], read.headers["x-ms-blob-public-access"]) == ("b", "container")
    changed = await account.blob("PUT", "/new?restype=container&comp=metadata", x_meta_c="d")
    assert changed.etag != made.etag == read.etag
    assert (await account.blob("DELETE", "/new?restype=container")).status == 202
    assert (await account.blob("HEAD", "/new?restype=container")).code == "ContainerNotFound"


@pytest.mark.fidelity("recorded")
async def test_access_policies_are_kept(account):
    """Stored access policies come back, their times with seven digits of a second."""
    answer = await account.blob("GET", "/raw?restype=container&comp=acl")
    assert answer.body.endswith(b"<SignedIdentifiers />")
    target = "/raw?restype=container&comp=acl"
    await account.blob("PUT", target, POLICY.encode(), x_blob_public_access="blob")
    answer = await account.blob("GET", target)
    assert answer.headers["x-ms-blob-public-access"] == "blob"
    times = [answer.xml.findtext(f".//{name}") for name in ("Start", "Expiry")]
    assert times == ["2020-02-26T23:55:28.0000000Z", "2020-02-27T00:55:28.1200000Z"]
    one = POLICY.removeprefix("<SignedIdentifiers>").removesuffix("</SignedIdentifiers>")
    for wrong in (f"<SignedIdentifiers>{one * 6}</SignedIdentifiers>", "<SignedIdentifiers>"):
        assert (await account.blob("PUT", target, wrong.encode())).code == "InvalidXmlDocument"


@pytest.mark.fidelity("recorded")
async def test_containers_are_listed(account):
    """A listing echoes prefix, marker and size; a marker leads to the next page."""
    for number in range(3):
        await account.blob("PUT", f"/new-{number}?restype=container", x_meta_a="b")
    target = "/?comp=list&prefix=new&maxresults=2&include=metadata"
    first = await account.blob("GET", target)
    assert [first.xml.findtext(name) for name in ("Prefix", "MaxResults")] == ["new", "2"]
    assert [each.text for each in first.xml.iterfind(".//Metadata/a")] == ["b", "b"]
    marker = first.xml.findtext("NextMarker")
    assert marker == "/lake/new-2"
    second = await account.blob("GET", f"{target}&marker={marker}")
    assert [each.text for each in second.xml.iterfind(".//Name")] == ["new-2"]
    everything = await account.blob("GET", "/?comp=list&include=system")
    assert "$logs" in [each.text for each in everything.xml.iterfind(".//Name")]


@pytest.mark.fidelity("recorded")
async def test_a_deleted_container_is_listed_and_restored(account):
    """With soft delete on, a container is listed with its version and comes back by it."""
    await account.put("/f", b"abc")
    with account.keeping(7):
        await account.blob("DELETE", "/raw?restype=container")
        listed = await account.blob("GET", "/?comp=list&include=deleted,metadata")
        [item] = [each for each in listed.xml.iter("Container") if each.findtext("Deleted") == "true"]
        answer = await account.blob(
            "PUT",
            "/raw?restype=container&comp=undelete",
            x_deleted_container_name="raw",
            x_deleted_container_version=item.findtext("Version"),
        )
    assert answer.status == 201
    assert (await account.dfs("GET", "/raw/f")).body == b"abc"


@pytest.mark.fidelity("recorded")
async def test_a_container_is_not_renamed(account):
    """The service does not know the rename that its SDKs have."""
    answer = await account.blob("PUT", "/new?restype=container&comp=rename", x_source_container_name="raw")
    assert (answer.status, answer.code) == (400, "InvalidQueryParameterValue")


@pytest.mark.fidelity("documented", REST)
async def test_the_account_says_that_it_is_hierarchical(account):
    """Clients find out from the account's kind, at any path."""
    for target in ("/", "/raw", "/raw/f"):
        answer = await account.blob("GET", f"{target}?restype=account&comp=properties")
        assert answer.headers["x-ms-is-hns-enabled"] == "true"


@pytest.mark.fidelity("documented", REST)
async def test_settings_of_the_service(account):
    """Settings that are set come back, the others stay; soft delete takes effect at once."""
    target = "/?restype=service&comp=properties"
    body = "<StorageServiceProperties>%s</StorageServiceProperties>"
    cors = "<Cors><CorsRule><AllowedOrigins>*</AllowedOrigins></CorsRule></Cors>"
    kept = "<DeleteRetentionPolicy><Enabled>true</Enabled><Days>%s</Days></DeleteRetentionPolicy>"
    assert (await account.blob("PUT", target, (body % cors).encode())).status == 202
    assert (await account.blob("PUT", target, (body % (kept % 5)).encode())).status == 202
    read = await account.blob("GET", target)
    assert read.xml.findtext("Cors/CorsRule/AllowedOrigins") == "*"
    assert read.xml.findtext("DeleteRetentionPolicy/Days") == "5"
    await account.put("/f")
    deleted = await account.dfs("DELETE", "/raw/f")
    assert deleted.headers["x-ms-delete-type-permanent"] == "false"
    for wrong, code in (
        (kept % 0, "InvalidXmlNodeValue"),
        (kept % 366, "InvalidXmlNodeValue"),
        (kept % "x", "InvalidXmlNodeValue"),
        ("<Unknown/>", "InvalidXmlDocument"),
    ):
        assert (await account.blob("PUT", target, (body % wrong).encode())).code == code


@pytest.mark.fidelity("recorded")
async def test_leases_of_containers(account):
    """A leased container is deleted with its lease's id alone."""
    lease = "11111111-1111-1111-1111-111111111111"
    target = "/raw?restype=container&comp=lease"
    made = await account.blob(
        "PUT", target, x_lease_action="acquire", x_proposed_lease_id=lease, x_lease_duration="15"
    )
    assert made.status == 201
    assert (await account.blob("DELETE", "/raw?restype=container")).code == "LeaseIdMissing"
    answer = await account.blob("PUT", target, x_lease_action="break", x_lease_break_period="3")
    assert (answer.status, answer.headers["x-ms-lease-time"]) == (202, "3")
    read = await account.blob("GET", "/raw?restype=container")
    assert read.headers["x-ms-lease-state"] == "breaking"
    assert (await account.blob("DELETE", "/raw?restype=container", x_lease_id=lease)).status == 202


SETTINGS = "/?restype=service&comp=properties"


@pytest.mark.fidelity("recorded")
async def test_settings_of_a_new_service(account):
    """Nothing is logged, metrics of hours are kept for a week, and elements have the service's order."""
    answer = await account.blob("GET", SETTINGS)
    kept = "<RetentionPolicy><Enabled>true</Enabled><Days>7</Days></RetentionPolicy>"
    off = "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>"
    assert answer.body.decode("utf-8-sig").partition("?>")[2] == (
        "<StorageServiceProperties><Logging><Version>1.0</Version><Read>false</Read><Write>false</Write>"
        f"<Delete>false</Delete>{off}</Logging>"
        f"<HourMetrics><Version>1.0</Version><Enabled>true</Enabled><IncludeAPIs>true</IncludeAPIs>{kept}"
        f"</HourMetrics><MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>{off}</MinuteMetrics>"
        "<Cors /><DeleteRetentionPolicy><Enabled>false</Enabled>"
        "<AllowPermanentDelete>false</AllowPermanentDelete></DeleteRetentionPolicy>"
        "<StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>"
    )


@pytest.mark.fidelity("recorded")
async def test_settings_come_back_in_the_services_order(account):
    """A rule comes back with its elements in the order of the service, not of the request."""
    rule = (
        "<CorsRule><AllowedOrigins>http://www.example1.com</AllowedOrigins><AllowedMethods>GET,PUT"
        "</AllowedMethods><AllowedHeaders /><ExposedHeaders>x-ms-header3</ExposedHeaders>"
        "<MaxAgeInSeconds>10</MaxAgeInSeconds></CorsRule>"
    )
    version = "<DefaultServiceVersion>2021-06-08</DefaultServiceVersion>"
    sent = f"<StorageServiceProperties>{version}<Cors>{rule}</Cors></StorageServiceProperties>"
    assert (await account.blob("PUT", SETTINGS, sent.encode())).status == 202
    read = (await account.blob("GET", SETTINGS)).body.decode()
    assert (
        "<CorsRule><AllowedMethods>GET,PUT</AllowedMethods>"
        "<AllowedOrigins>http://www.example1.com</AllowedOrigins>" in read
    )
    assert read.endswith(f"{version}</StorageServiceProperties>")
    for wrong in (
        "<Cors><Rule /></Cors>",
        "<Cors><CorsRule><AllowedMethods><x/></AllowedMethods></CorsRule></Cors>",
    ):
        answer = await account.blob("PUT", SETTINGS, f"<S>{wrong}</S>".encode())
        assert answer.code == "InvalidXmlDocument"


@pytest.mark.fidelity("recorded")
async def test_refusals_of_leases_name_the_header(account):
    """A refusal names the header that is missing or malformed, and what is not leased."""
    await account.put("/f")
    for target, headers, code, named in (
        (
            "/raw/f?comp=lease",
            {"x_lease_action": "acquire", "x_lease_duration": "70"},
            "InvalidHeaderValue",
            "<HeaderName>x-ms-lease-duration</HeaderName><HeaderValue>70</HeaderValue>",
        ),
        (
            "/raw/f?comp=lease",
            {"x_lease_action": "release", "x_lease_id": "id"},
            "InvalidHeaderValue",
            "<HeaderName>x-ms-lease-id</HeaderName><HeaderValue>id</HeaderValue>",
        ),
        (
            "/raw/f?comp=lease",
            {"x_lease_action": "change", "x_lease_id": "id"},
            "MissingRequiredHeader",
            "<HeaderName>x-ms-proposed-lease-id</HeaderName>",
        ),
        (
            "/raw/f?comp=lease",
            {"x_lease_action": "break"},
            "LeaseNotPresentWithLeaseOperation",
            "There is currently no lease on the blob.",
        ),
        (
            "/raw?restype=container&comp=lease",
            {"x_lease_action": "break"},
            "LeaseNotPresentWithLeaseOperation",
            "There is currently no lease on the container.",
        ),
    ):
        answer = await account.blob("PUT", target, **headers)
        assert (answer.code, named in answer.body.decode()) == (code, True)


@pytest.mark.fidelity("recorded")
async def test_a_marker_that_no_listing_gave(account):
    """A listing of containers does not begin at a marker that is none."""
    answer = await account.blob("GET", "/?comp=list&marker=garbage%20continuation%20token")
    assert (answer.status, answer.code) == (400, "OutOfRangeInput")
