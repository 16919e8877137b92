import pytest

from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.paths import Container, Location, is_kept, is_unfinished, kept_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/raw/a.csv", (None, "/raw/a.csv")),
        ("/", (None, "/")),
        ("//raw///a/", (None, "/raw/a")),
        ("/raw/./x/../a", (None, "/raw/a")),
        ("/../../etc/passwd", (None, "/etc/passwd")),
        ("/a b/%/#/+/ä/日本", (None, "/a b/%/#/+/ä/日本")),
        ("/a?b=c", (None, "/a?b=c")),
        ("adl://lake.azuredatalakestore.net/raw", ("lake", "/raw")),
        ("adl://lake/raw/", ("lake", "/raw")),
        ("adl://LAKE", ("lake", "/")),
        ("adl://conn_id@lake/raw", ("lake", "/raw")),
        ("adl://lake/raw/a#b?c%20d", ("lake", "/raw/a#b?c%20d")),
        ("abfss://raw@lake.dfs.core.windows.net/a/b", ("raw@lake", "/a/b")),
        ("ABFSS://$web@Lake.dfs.core.windows.net", ("$web@lake", "/")),
        ("abfs://raw-1@abc.dfs.core.windows.net//a b%20c/", ("raw-1@abc", "/a b%20c")),
        ("abfss://my-conn@raw@lake.dfs.core.windows.net/a@b", ("raw@lake", "/a@b")),
        ("abfss://raw@lake.dfs.core.chinacloudapi.cn/a", ("raw@lake.dfs.core.chinacloudapi.cn", "/a")),
    ],
)
def test_a_path_or_url_names_one_place(text, expected):
    """A path is the connection's account, a URL names its own; nothing in a name is decoded."""
    assert paths.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "non-empty"),
        (None, "non-empty"),
        ("raw/a.csv", "relative: write /raw/a.csv"),
        ("['/a', '/b']", "is the text of a list, .* render_template_as_native_obj=True"),
        ("s3://bucket/a", "not a place in a lake"),
        ("abfss://raw@lake/x", r"or abfss://container@account\.dfs\.core\.windows\.net/path"),
        ("abfss://raw@lake.blob.core.windows.net/x", "not a place in a lake"),
        ("abfss://@lake.dfs.core.windows.net/x", "is not a container's name"),
        ("abfss://raw--x@lake.dfs.core.windows.net/x", "is not a container's name"),
        ("abfss://raw@la.dfs.core.windows.net/x", "is not an account name"),
        ("adl:///raw", "names no account"),
        ("adl://my_lake/raw", "is not an account name"),
        ("adl://lake.example.com/raw", "is not an account name"),
        ("/a\0b", "NUL"),
    ],
)
def test_what_names_no_place_is_refused(text, reason):
    """Anything else is an error that says what would be right."""
    with pytest.raises(PathError, match=reason):
        paths.parse(text)


@pytest.mark.parametrize(
    ("path", "as_path", "as_glob"),
    [
        ("/raw/day.csv", None, None),
        ("adl://lake/raw/**/day*.csv", None, None),
        ("/raw/**", None, None),
        ("/raw/day**.csv", None, r"\*\* within a name"),
        ("adl://lake/raw/01:00", "has a colon", "has a colon"),
        ("raw", "relative", "relative"),
    ],
)
def test_what_cannot_be_in_a_lake_is_refused(path, as_path, as_glob):
    """Before anybody asks for it: no name has a colon, and ** stands alone where it means something."""
    for glob, reason in ((False, as_path), (True, as_glob)):
        if reason is None:
            assert paths.parse_possible(path, glob=glob) == paths.parse(path)
        else:
            with pytest.raises(PathError, match=reason):
                paths.parse_possible(path, glob=glob)


def test_a_location_is_written_with_the_full_host():
    """A place becomes a URL with the account's full host name, and reads back as itself."""
    place = Location("lake", "/raw/a b.csv")
    assert place.url() == "adl://lake.azuredatalakestore.net/raw/a b.csv"
    assert paths.parse(place.url()) == place
    assert Location(None, "/raw").url() == "/raw"


@pytest.mark.parametrize("domain", ["core.windows.net", "core.usgovcloudapi.net", "azurestack.example"])
def test_a_container_is_written_with_the_full_host(domain):
    """A place in a container becomes a URL of its cloud, which reads back as itself."""
    url = f"abfss://raw@lake.dfs.{domain}/a b.csv"
    place = paths.parse(url)
    assert place.url() == url
    assert paths.lake_name(place.account) == place.account
    assert Container.of(place.account) == ("lake", "raw", domain)
    assert Container.of("lake") == ("lake", None, None)


def test_colons_are_for_containers():
    """A name with a colon may be in a container, and is refused where Gen1 may be meant."""
    assert paths.parse_possible("abfss://raw@lake.dfs.core.windows.net/10:00").path == "/10:00"
    assert paths.is_possible("abfss://raw@lake.dfs.core.windows.net/10:00")
    assert not paths.is_possible("adl://lake/10:00")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a b", "/a%20b"),
        ("/100%", "/100%25"),
        ("/c#", "/c%23"),
        ("/1+1,2?", "/1%2B1%2C2%3F"),
        ("/ä", "/%C3%A4"),
        ("/a-b_c.d~e/f", "/a-b_c.d~e/f"),
    ],
)
def test_a_path_in_a_request_line(path, expected):
    """Every character that a URL gives a meaning is percent-encoded, the slash is not."""
    assert paths.quoted(path) == expected


def test_parts_of_a_path():
    """Parent, name and join agree with each other, at the root too."""
    assert (paths.parent("/a/b"), paths.name("/a/b")) == ("/a", "b")
    assert (paths.parent("/a"), paths.parent("/"), paths.name("/")) == ("/", "/", "")
    assert paths.join("/a", "b/", "../c") == "/a/c"


@pytest.mark.parametrize("name", ["ab", "a" * 25, "my-lake", "my_lake", "", "lake.azuredatalakestore.com"])
def test_names_that_no_account_has(name):
    """An account's name is 3 to 24 lower-case letters and digits."""
    with pytest.raises(PathError, match="3 to 24"):
        paths.account_name(name)


def test_unfinished_names():
    """A file that is not whole is known from what users name."""
    hidden = f"/raw/.{'0a' * 16}.part"
    assert paths.is_unfinished(hidden)
    assert not any(paths.is_unfinished(path) for path in ("/raw/a.part", "/raw/.part", f"{hidden}/a"))


def test_kept_names():
    """The same work has the same hidden name, other work another, and no sweep takes it for a leftover."""
    name = kept_name("/whole", "/a", "/b")
    assert name == kept_name("/whole", "/a", "/b") != kept_name("/whole", "/b", "/a")
    assert (is_kept(f"/d/{name}"), is_unfinished(f"/d/{name}")) == (True, True)
    assert not is_kept("/d/a.kept")


@pytest.mark.parametrize("path", ["/raw/\udcff", "/raw/\0", "/raw/10:00", "adl://lake/a\0b"])
def test_paths_that_no_gen1_lake_has(path):
    """No name has a NUL character or half a surrogate pair, nor a colon on Gen1."""
    assert not paths.is_possible(path)
    assert paths.is_possible("/raw/ü %23 [1]")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("scheduled__2026-11-29T00:00:00+00:00", "scheduled__2026-11-29T00%3A00%3A00+00%3A00"),
        ("a/b %", "a%2Fb %25"),
        ("\udcff", "%ED%B3%BF"),
    ],
)
def test_any_text_has_a_name_of_its_own(text, name):
    """A run id, or any other text, becomes one name of a lake; a directory's short names do not."""
    assert paths.possible_name(text) == name
