"""The entries of an account's directory, over HTTP."""

from __future__ import annotations

import pytest

TREE = "/emulator/accounts/lake/tree"
READER = "6f3a1c52-8f0e-4d0b-9c54-1f0a7e2d9b31"


def put(browser, path, content=None, **query):
    query = {"op": "CREATE", "write": "true"} | query if content is not None else query
    assert browser.lake("PUT", "lake", path, params=query, data=content).status_code in {200, 201}


def test_entries_have_size_rights_owner_and_times(own_browser):
    """Each entry has the fields of a listing and its ACL's entries; no token is needed."""
    put(own_browser, "/d/f", b"abc")
    put(own_browser, "/f+ü%20%23%25", b"x" * 10, permission="640")
    put(own_browser, "/d", op="MODIFYACLENTRIES", aclspec=f"user:{READER}:r-x")
    found = own_browser.send("GET", TREE).json()
    assert (found["account"], found["path"], found["next"]) == ("lake", "/", None)
    directory, file = found["entries"]
    now = own_browser.emulator.clock.now_ms()
    assert now - 60_000 < directory.pop("modified") <= now
    owner = directory["owner"]
    assert directory == {
        "name": "d",
        "type": "DIRECTORY",
        "length": None,
        "permission": "770",
        "acl": f"user:{READER}:r-x,mask::rwx",
        "owner": owner,
        "group": owner,
        "expires": None,
    }
    assert (file["name"], file["type"], file["length"]) == ("f+ü #%", "FILE", 10)
    (below,) = own_browser.send("GET", TREE, params={"path": "/d"}).json()["entries"]
    assert (below["name"], below["length"]) == ("f", 3)


def test_looking_leaves_no_trace(own_browser):
    """Requests of the page are not recorded."""
    own_browser.send("GET", TREE)
    own_browser.send("GET", "/")
    assert own_browser.emulator.requests == []


def test_pages_hold_every_entry_once(own_browser):
    """Each page begins after the last name of the one before; the last one has no next."""
    names = sorted(f"{number}" for number in range(25))
    for name in names:
        put(own_browser, f"/many/{name}", op="MKDIRS")
    found, after, pages = [], "", 0
    while after is not None:
        query = {"path": "/many", "limit": "5", "after": after}
        page = own_browser.send("GET", TREE, params=query).json()
        found += [entry["name"] for entry in page["entries"]]
        after, pages = page["next"], pages + 1
    assert (found, pages) == (names, 5)


def test_what_has_expired_is_not_shown(own_browser):
    """An expired file is not listed, and other files show their expiry."""
    put(own_browser, "/f", b"")
    query = {"op": "SETEXPIRY", "expiryOption": "RelativeToNow", "expireTime": "60000"}
    url = "/adls/lake/webhdfsext/f"
    headers = own_browser.bearer("https://datalake.azure.net/")
    assert own_browser.send("PUT", url, params=query, headers=headers).status_code == 200
    (file,) = own_browser.send("GET", TREE).json()["entries"]
    assert 0 < file["expires"] - own_browser.emulator.clock.now_ms() <= 60_000
    own_browser.emulator.clock.move(61)
    assert own_browser.send("GET", TREE).json()["entries"] == []


@pytest.mark.parametrize(
    ("url", "status", "field"),
    [
        ("/emulator/accounts/nosuch/tree", 404, "account"),
        (f"{TREE}?path=/nosuch", 404, "path"),
        (f"{TREE}?path=/f", 400, "path"),
        (f"{TREE}?path=/a:b", 400, "path"),
        (f"{TREE}?path=/../../etc", 404, "path"),
        (f"{TREE}?limit=0", 400, "limit"),
        (f"{TREE}?limit=1001", 400, "limit"),
        (f"{TREE}?limit=x", 400, "limit"),
        (f"{TREE}?depth=1", 400, "depth"),
        ("/emulator/accounts//tree", 404, "path"),
    ],
)
def test_a_path_that_cannot_be_shown_is_refused(own_browser, url, status, field):
    """The answer names the account, the path or the argument that is wrong."""
    put(own_browser, "/f", b"")
    answer = own_browser.send("GET", url)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert answer.json()["error"]["message"]


def test_nothing_is_changed_here(own_browser):
    """The tree takes GET alone."""
    assert own_browser.send("DELETE", TREE).status_code == 405
