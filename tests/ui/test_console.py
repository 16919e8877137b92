"""The emulator's own page, in a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect

from airflow_provider_adls.emulator import Emulator

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

    from tests.ui.conftest import Chromium

READER = "6f3a1c52-8f0e-4d0b-9c54-1f0a7e2d9b31"
#: A name that a page which takes names for markup would run.
HOSTILE = "<img src=x onerror=alert(1)>"
#: 2026-11-24, 09:00 in UTC: a picture is the same on every day.
THEN = 1_795_510_800


class Lake:
    """Requests to the accounts of an emulator, by its super user."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = emulator.ca_file
        form = {
            "grant_type": "client_credentials",
            "client_id": emulator.client_id,
            "client_secret": emulator.client_secret,
            "resource": "https://datalake.azure.net/",
        }
        token = self.session.post(f"{emulator.url}/{emulator.tenant_id}/oauth2/token", data=form).json()
        self.session.headers["Authorization"] = f"Bearer {token['access_token']}"

    def __call__(self, method: str, path: str, data: bytes | None = None, **query: str) -> None:
        base = f"{self.emulator.url}/adls/mylake/{'webhdfsext' if 'expireTime' in query else 'webhdfs/v1'}"
        self.session.request(method, f"{base}{path}", params=query, data=data)

    def write(self, path: str, length: int) -> None:
        self("PUT", path, b"x" * length, op="CREATE", write="true")


@pytest.fixture
def lake() -> Iterator[Lake]:
    """Accounts with files, rights and expiry, rules, and requests to them."""
    with Emulator(accounts=["mylake", "archive"]) as emulator:
        emulator.clock.set(THEN)
        lake = Lake(emulator)
        with lake.session:
            for day in (21, 22, 23):
                lake.write(f"/raw/2026-11-{day}/orders.csv", 2_300 * day)
                lake.write(f"/raw/2026-11-{day}/returns.csv", 1_970)
            lake.write("/curated/daily/größe 100%.parquet", 3_400_000)
            lake.write(f"/staging/{HOSTILE}.txt", 1)
            lake.write("/staging/run.tmp", 0)
            lake(
                "PUT", "/staging/run.tmp", op="SETEXPIRY", expiryOption="RelativeToNow", expireTime="3600000"
            )
            entries = f"user:{READER}:r-x,default:user:{READER}:r-x"
            lake("PUT", "/raw", op="MODIFYACLENTRIES", aclspec=entries)
            lake("PUT", "/curated", op="SETPERMISSION", permission="1750")
            emulator.faults.add(operation="APPEND", under="/raw", nth=3, status=503)
            emulator.faults.add(operation="OPEN", account="mylake", retry_after=5, times=2)
            for _ in range(3):
                lake("GET", "/raw/2026-11-21/orders.csv", op="OPEN", read="true")
            lake("GET", "/missing", op="GETFILESTATUS")
            yield lake


@pytest.fixture(scope="module")
def window(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> BrowserContext:
    """A browser that takes the emulators' certificates as they are."""
    return chromium(
        tmp_path_factory.mktemp("console"),
        viewport={"width": 1280, "height": 780},
        ignore_https_errors=True,
    )


@pytest.fixture
def page(window: BrowserContext, lake: Lake) -> Iterator[Page]:
    """The emulator's page; at the end it has complained of nothing, and run nothing that it should not."""
    said: list[str] = []
    page = window.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(lake.emulator.url)
    yield page
    page.close()
    assert said == []


def directory(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def rows(page: Page) -> list[str]:
    """Names in the tree, from above, as they are shown."""
    return page.locator(".tree .row:visible .name").all_inner_texts()


def row(page: Page, name: str) -> Locator:
    return page.locator(".row").filter(has=page.locator("bdi").get_by_text(name, exact=True))


def test_it_shows_accounts_files_requests_and_rules(page, picture):
    """Who opens the page sees what the emulator has, where it is, what it was asked, and what it spoils."""
    for name in ("mylake", "raw", "2026-11-21", "staging"):
        directory(page, name).click()
    row(page, "run.tmp").wait_for()
    assert rows(page) == [
        *("archive", "mylake", "curated", "raw", "2026-11-21", "orders.csv", "returns.csv"),
        *("2026-11-22", "2026-11-23", "staging", f"{HOSTILE}.txt", "run.tmp"),
    ]
    assert row(page, "orders.csv").locator(".size").inner_text() == "47.2 KiB"
    assert row(page, "curated").locator(".rights").inner_text() == "drwxr-x--T"
    assert row(page, "raw").locator(".rights").inner_text() == "drwxrwx---+"
    assert page.get_by_text("expires 2026-11-24 10:00 UTC").is_visible()
    first = page.locator("#requests tbody tr").nth(0)
    assert first.locator("td").all_inner_texts()[1:5] == ["404", "GETFILESTATUS", "mylake", "/missing"]
    assert page.locator("#requests .tag").all_inner_texts() == ["rule 2", "rule 2"]
    rule = page.locator("#faults tbody tr").nth(1).locator("td").all_inner_texts()
    assert [text.replace("\xa0", " ") for text in rule] == [
        *("2", "service lake, operation OPEN, account mylake, times 2", "status 429, retry_after 5", "3", "2")
    ]
    page.mouse.move(0, 0)
    picture(page, "emulator")


def test_dark_is_as_readable(page):
    """In a dark browser, as in a light one, all text has the contrast that WCAG asks for."""
    contrast = """() => {
      const light = (colour) => colour.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
      const behind = (element) => {
        for (let each = element; each; each = each.parentElement) {
          const colour = getComputedStyle(each).backgroundColor;
          if (!/, 0\\)$/.test(colour)) return colour;
        }
      };
      return [...document.querySelectorAll("body *")].filter((each) =>
        each.checkVisibility() && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
      ).map((each) => {
        const [one, other] = [light(getComputedStyle(each).color), light(behind(each))].sort((a, b) => b - a);
        return [each.outerHTML.slice(0, 60), (one + 0.05) / (other + 0.05)];
      }).filter(([, ratio]) => ratio < 4.5);
    }"""
    directory(page, "mylake").click()
    row(page, "raw").wait_for()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(contrast) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
def test_long_paths_of_resource_manager_can_be_read(page, lake, width, scheme):
    """The page has no sideways scroll, and a path that is longer than a line is shown whole, in several."""
    emulator = lake.emulator
    address = (
        f"/subscriptions/{emulator.subscription_id}/resourceGroups/rg-analytics-westeurope-production"
        "/providers/Microsoft.DataLakeStore/accounts/mylake/virtualNetworkRules/from-the-integration-runtime"
    )
    lake.session.get(f"{emulator.url}{address}?api-version=2016-11-01")
    emulator.faults.add(path=f"{address}/**", status=503)
    page.set_viewport_size({"width": width, "height": 780})
    page.emulate_media(color_scheme=scheme)
    page.reload()
    shown = page.locator("#requests td.path").filter(has_text="virtualNetworkRules").first
    shown.wait_for()
    assert address in shown.inner_text()
    cut = """() => [...document.querySelectorAll("html, .scroll, #requests td, #faults td")]
      .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth)
      .map((each) => each.outerHTML.slice(0, 90))"""
    assert page.evaluate(cut) == []
    # The path may break anywhere, the words of an effect may not.
    lines = """(word) => [...document.querySelectorAll("#faults td:nth-child(3)")]
      .filter((cell) => cell.textContent.includes(word)).map((cell) => {
        const range = document.createRange();
        const start = cell.firstChild.data.indexOf(word);
        range.setStart(cell.firstChild, start);
        range.setEnd(cell.firstChild, start + word.length);
        return range.getClientRects().length;
      })"""
    assert (page.evaluate(lines, "503"), page.evaluate(lines, "retry_after")) == ([1, 1], [1])


def test_names_are_shown_and_never_run(page, lake):
    """A name that is markup is text in the tree, in the requests and in the rules, and does nothing."""
    lake("PUT", f"/{HOSTILE}&amp;", op="MKDIRS")
    lake.emulator.faults.add(path=f"/**/{HOSTILE}*", status=500, message=HOSTILE)
    directory(page, "mylake").click()
    directory(page, f"{HOSTILE}&amp;").click()
    page.get_by_text("empty", exact=True).wait_for()
    page.locator("#faults").get_by_text(HOSTILE).first.wait_for()
    page.locator("#requests").get_by_text(f"/{HOSTILE}&amp;", exact=True).wait_for()
    assert page.locator("img").count() == 0


def test_it_is_used_by_keyboard_alone(page):
    """Directories open and close with Enter, and say to a screen reader which they are."""
    button = directory(page, "mylake")
    button.focus()
    page.keyboard.press("Enter")
    row(page, "raw").wait_for()
    assert button.get_attribute("aria-expanded") == "true"
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "raw":
            break
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "ACL entries of raw"
    page.keyboard.press("Enter")
    assert page.get_by_text(f"user:{READER}:r-x", exact=True).is_visible()
    button.focus()
    page.keyboard.press(" ")
    assert rows(page) == ["archive", "mylake"]
    assert button.get_attribute("aria-expanded") == "false"


def test_big_directories_come_in_pages(page, lake):
    """Of many entries the first are shown, and more on demand, the first new one with the focus."""
    for number in range(450):
        lake("PUT", f"/many/{number:03d}", op="MKDIRS")
    directory(page, "mylake").click()
    directory(page, "many").click()
    names = [f"{number:03d}" for number in range(450)]
    for count in (200, 400):
        row(page, names[count - 1]).wait_for()
        assert [name for name in rows(page) if name in names] == names[:count]
        page.get_by_role("button", name="Show 200 more").click()
        expect(page.locator(":focus")).to_have_text(names[count])
    assert [name for name in rows(page) if name in names] == names
    assert page.get_by_role("button", name="Show 200 more").count() == 0


def test_refresh_keeps_open_what_was_open(page, lake):
    """What came and went since is shown and gone, in the directories that were open."""
    for name in ("mylake", "raw", "2026-11-22"):
        directory(page, name).click()
    row(page, "orders.csv").wait_for()
    lake.write("/raw/2026-11-22/new.csv", 5)
    lake("DELETE", "/raw/2026-11-23", op="DELETE", recursive="true")
    page.get_by_role("button", name="Refresh").click()
    row(page, "new.csv").wait_for()
    assert rows(page)[3:] == [
        "raw",
        "2026-11-21",
        "2026-11-22",
        "new.csv",
        "orders.csv",
        "returns.csv",
        "staging",
    ]


def test_it_follows_what_happens(page, lake):
    """Requests and accounts appear by themselves, unless that is stopped; of one service alone if asked."""
    requests_shown = page.locator("#requests tbody tr")
    lake("GET", "/first", op="GETFILESTATUS")
    page.locator("#requests").get_by_text("/first", exact=True).wait_for()
    page.get_by_label("Live").uncheck()
    lake("GET", "/second", op="GETFILESTATUS")
    lake.emulator.create_account("later")
    page.wait_for_timeout(3_000)
    assert page.locator("#requests").get_by_text("/second", exact=True).count() == 0
    page.get_by_label("Live").check()
    page.locator("#requests").get_by_text("/second", exact=True).wait_for()
    directory(page, "later").wait_for()
    page.get_by_label("Service").select_option("sign-in")
    expect(requests_shown).to_have_count(1)
    assert requests_shown.locator("td").all_inner_texts()[2] == "token"


def test_storage_accounts_open_at_their_containers(page, lake):
    """An account of Gen2 is marked as one, and opens to its containers and their files."""
    emulator = lake.emulator
    emulator.create_storage_account("gen2", ["raw"])
    directory(page, "gen2").click()
    expect(page.locator("#accounts > li", has=directory(page, "gen2")).locator(".tag")).to_have_text("Gen2")
    directory(page, "raw").wait_for()
    emulator.delete_storage_account("gen2")
    directory(page, "gen2").wait_for(state="detached")


@pytest.mark.parametrize("overtaken_by", ["another service", "a page that stands still"])
def test_answers_that_are_overtaken_are_dropped(page, lake, overtaken_by):
    """What was asked before, and is answered after, changes nothing of what is shown."""
    page.locator("#requests").get_by_text("/missing", exact=True).wait_for()
    held = []

    def hold(route):
        if held:
            route.continue_()
        else:
            held.append(route)

    lake("GET", "/late", op="GETFILESTATUS")
    page.route("**/emulator/requests?*", hold)
    while not held:
        page.wait_for_timeout(100)
    if overtaken_by == "another service":
        page.get_by_label("Service").select_option("sign-in")
        expect(page.locator("#requests tbody tr")).to_have_count(1)
    page.get_by_label("Live").uncheck()
    with page.expect_response("**/emulator/requests?*"):
        held[0].continue_()
    page.wait_for_timeout(500)
    assert page.locator("#requests").get_by_text("/late", exact=True).count() == 0


def test_an_emulator_that_is_gone_is_reported(window):
    """The page says so when nobody answers any more, and keeps what it has."""
    page = window.new_page()
    with Emulator(accounts=["mylake"]) as emulator:
        page.goto(emulator.url)
        page.get_by_text("empty", exact=True).wait_for()
    page.get_by_role("alert").get_by_text("The emulator does not answer").wait_for()
    assert directory(page, "mylake").is_visible()
    page.close()


#: What a page can try at the emulator, and what it gets for it.
TRIES = """async (url) => {
  const outcomes = {};
  const attempt = async (name, work) => {
    try { outcomes[name] = String(await work()); } catch (error) { outcomes[name] = "refused"; }
  };
  const send = async (path, options) => {
    const answer = await fetch(url + path, options);
    return `${answer.status} ${answer.type} ${await answer.text()}`;
  };
  const json = { "Content-Type": "application/json" };
  await attempt("read the status", () => send("/emulator/status"));
  await attempt("read the page", () => send("/"));
  await attempt("read a directory", () => send("/emulator/accounts/mylake/tree"));
  await attempt("read blindly", () => send("/emulator/status", { mode: "no-cors" }));
  await attempt("run a script of it", () => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = () => resolve("loaded");
    script.onerror = reject;
    script.src = url + "/emulator/console.js?again";
    document.head.append(script);
  }));
  await attempt("send JSON", () => send("/emulator/reset", { method: "POST", body: "{}", headers: json }));
  await attempt("send text", () => send("/emulator/reset", { method: "POST", body: "{}", mode: "no-cors" }));
  await attempt("delete", () => send("/emulator/requests", { method: "DELETE" }));
  await attempt("put it into a frame", () => new Promise((resolve, reject) => {
    const frame = document.createElement("iframe");
    frame.onload = () => {
      const inside = frame.contentDocument?.body.textContent;
      inside ? resolve(inside) : reject();
    };
    frame.src = url;
    document.body.append(frame);
  }));
  return outcomes;
}"""


class Elsewhere(BaseHTTPRequestHandler):
    """A site of this machine that is not the emulator."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title><body>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere(window: BrowserContext) -> Iterator[Page]:
    """A page of another origin on the same machine: another site's may not even ask, as Chromium has it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = window.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield page
        page.close()
        server.shutdown()


def test_a_page_of_another_origin_reads_and_changes_nothing(elsewhere, lake):
    """Whatever a page from elsewhere sends, it learns nothing, and files and requests are as before."""
    before = list(lake.emulator.requests)
    outcomes = elsewhere.evaluate(TRIES, lake.emulator.url)
    assert {name for name, outcome in outcomes.items() if outcome != "refused"} == set()
    assert list(lake.emulator.requests) == before
    lake("GET", "/raw", op="GETFILESTATUS")
    assert lake.emulator.requests[-1].status == 200


def test_its_own_page_may_do_the_same(window, lake):
    """What is refused to others works from the emulator's own page, but for the frame."""
    page = window.new_page()
    page.goto(lake.emulator.url)
    outcomes = page.evaluate(TRIES, lake.emulator.url)
    assert [name for name, outcome in outcomes.items() if outcome == "refused"] == ["put it into a frame"]
    assert '"mylake"' in outcomes["read the status"]
    assert outcomes["send JSON"].startswith("200 basic")
    assert outcomes["send text"].startswith("415 basic")
    page.close()
