"""Storage accounts, against recordings of the real Resource Manager.

Compared are status, the headers that a client acts on, and the body with its values; left out are times, ids
and keys. What excuses an exchange is said of the recording alone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from airflow_provider_adls.emulator import Emulator
from tests.fidelity.recordings import read

RECORDINGS = Path(__file__).parents[4].parent / "shared" / "gen2" / "recordings.json.gz"
HOST = "management.azure.com"
ARM = "https://management.core.windows.net/"
ACCOUNT = re.compile(
    r".*/resourceGroups/(?P<group>[^/]+)/providers/Microsoft\.Storage/storageAccounts/(?P<name>\w+)(?P<rest>/.*)?",
    re.IGNORECASE,
)
LIST = re.compile(r".*/resourceGroups/(?P<group>[^/]+)/providers/Microsoft\.Storage/storageAccounts")
#: Types that Resource Manager has and the emulator has not.
UNSERVED = re.compile(
    r".*/(providers/Microsoft\.Network|fileServices|encryptionScopes|managementPolicies|privateLinkResources"
    r"|privateEndpointConnections|immutabilityPolicies|skus|operations$|(set|clear)LegalHold|lease$"
    r"|networkSecurityPerimeterConfigurations|localUsers|inventoryPolicies|objectReplicationPolicies)",
    re.IGNORECASE,
)
#: Members of answers that show what the emulator has not, or what is another at each run.
LEFT_OUT = {"privateEndpointConnections", "immutabilityPolicy", "hasImmutabilityPolicy", "legalHold", "etag"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason=f"the recordings are not at {RECORDINGS}")


def recordings():
    """Return the exchanges with Resource Manager of each recording that has some, by its name."""
    found = {}
    for name, exchanges in read(RECORDINGS).items():
        kept = [each for each in exchanges if each["host"] == HOST and "oauth2" not in each["path"]]
        if kept:
            found[name] = kept
    return found


def excuse(exchange):
    """Return why an exchange is not compared, as the recording shows it; None if it is."""
    if UNSERVED.fullmatch(exchange["path"]) or UNSERVED.match(exchange["path"]):
        return "a type that the emulator has not"
    if "/asyncoperations/" in exchange["path"] and exchange["status"] == 202:
        return "the operation took longer"
    if "/resourcegroups/" in exchange["path"] and "/providers/" not in exchange["path"]:
        return "a group that the test made, with tags of its own"
    return None


def neutral(value):
    """Return a body without what differs from run to run."""
    if isinstance(value, dict):
        return {
            key: "VALUE" if key in ("value", "lastEnabledTime") and isinstance(inner, str) else neutral(inner)
            for key, inner in value.items()
            if key not in LEFT_OUT
        }
    if isinstance(value, list):
        return [neutral(each) for each in value]
    return TIME.sub("TIME", value) if isinstance(value, str) else value


class Replay:
    """One recording, sent to an emulator of its own."""

    def __init__(self, emulator, browser, subscription):
        self.emulator = emulator
        self.browser = browser
        self.subscription = subscription
        self.headers = {**browser.bearer(ARM), "Host": HOST}
        self.known = set()
        self.operation = None

    def send(self, method, path, query="", body=None):
        path = path.replace(self.subscription, self.emulator.subscription_id)
        content = {} if body is None else {"data": body.encode()}
        headers = {**self.headers, **({"Content-Type": "application/json"} if body else {})}
        return self.browser.send(method, f"{path}?{query}" if query else path, headers=headers, **content)

    def prepare(self, exchange):
        """Make the group, account and container that an exchange takes for granted."""
        match = ACCOUNT.fullmatch(exchange["path"])
        if match is None:
            self.prepare_list(exchange)
            return
        group, name, rest = match["group"], match["name"], match["rest"] or ""
        shown = json.loads(exchange["body"] or "{}") if exchange["status"] < 400 else {}
        if "ResourceGroupNotFound" not in exchange["body"]:
            self.emulator.create_resource_group(group, "eastus2")
        if exchange["status"] >= 400 or name in self.known:
            return
        self.known.add(name)
        if exchange["method"] == "PUT" and not rest:
            return
        body = {
            "sku": {"name": shown.get("sku", {}).get("name", "Standard_LRS")},
            "kind": shown.get("kind", "StorageV2"),
            "location": shown.get("location", "westus"),
            "tags": shown.get("tags", {}),
        }
        path = exchange["path"][: len(exchange["path"]) - len(rest)]
        assert self.send("PUT", path, "api-version=2019-06-01", json.dumps(body)).status_code == 202
        if "/containers/" in rest:
            container = f"{path}/blobServices/default/containers/{rest.rpartition('/')[2]}"
            assert self.send("PUT", container, "api-version=2019-06-01", "{}").status_code == 201

    def prepare_list(self, exchange):
        """Make the accounts that a list of a group shows."""
        listed = LIST.fullmatch(exchange["path"])
        if listed is None:
            return
        self.emulator.create_resource_group(listed["group"], "eastus2")
        for shown in json.loads(exchange["body"])["value"]:
            if shown["name"] not in self.known:
                self.known.add(shown["name"])
                kept = {key: shown[key] for key in ("sku", "kind", "location", "tags")}
                path = f"{exchange['path']}/{shown['name']}"
                made = self.send("PUT", path, "api-version=2019-06-01", json.dumps(kept))
                assert made.status_code == 202

    def play(self, exchange):
        """Return how the emulator's answer differs; None if it does not."""
        self.prepare(exchange)
        path = exchange["path"]
        if "/asyncoperations/" in path:
            path = self.operation
        answer = self.send(exchange["method"], path, exchange["query"], exchange["request_body"] or None)
        if "Location" in answer.headers:
            self.operation = answer.headers["Location"].partition(HOST)[2].partition("?")[0]
        if answer.status_code != exchange["status"]:
            return f"{answer.status_code}, not {exchange['status']}: {answer.text[:300]}"
        theirs = {name.lower(): value for name, value in exchange["headers"].items()}
        for name in ("location", "etag"):
            if (name in theirs) != (name in answer.headers):
                return f"header {name}"
        if (
            theirs.get("content-type", "").partition(";")[0]
            != answer.headers.get("Content-Type", "").partition(";")[0]
        ):
            return f"Content-Type {answer.headers.get('Content-Type')}"
        if not exchange["body"]:
            return None if not answer.content else f"content {answer.text[:100]}"
        text = exchange["body"].replace(self.subscription, self.emulator.subscription_id)
        if len(self.known) == 1:
            # The recorder gave hosts another name.
            text = re.sub(r"https://account(?=[.-])", f"https://{next(iter(self.known))}", text)
        expected, got = neutral(json.loads(text)), neutral(answer.json())
        if path.endswith("/usages"):
            # How many accounts the recorded subscription had, no request says.
            expected["value"][0]["currentValue"] = got["value"][0]["currentValue"]
        if path.endswith("/storageAccounts") and "/resourceGroups/" not in path:
            # The recorded subscription had accounts of others too.
            expected = [each for each in expected["value"] if each["name"] in self.known]
            got = got["value"]
        return None if expected == got else f"{expected}\n  !=\n{got}"


@pytest.mark.fidelity("recorded")
def test_recorded_exchanges_agree(browse, capsys):
    """Each recorded exchange about storage accounts is answered as the service did, but for named excuses."""
    agree, excused, differences = 0, Counter(), []
    for name, exchanges in recordings().items():
        subscription = re.search(r"/subscriptions/([^/]+)", exchanges[0]["path"])[1]
        with Emulator() as emulator, browse(emulator) as browser:
            replay = Replay(emulator, browser, subscription)
            for exchange in exchanges:
                if reason := excuse(exchange):
                    excused[reason] += 1
                elif difference := replay.play(exchange):
                    differences.append(f"{name}: {exchange['method']} {exchange['path']}: {difference}")
                else:
                    agree += 1
    with capsys.disabled():
        print(f"\n{agree} of {agree + len(differences)} comparable exchanges about storage accounts agree")
        for reason, count in excused.most_common():
            print(f"  {count} excused: {reason}")
    assert "\n\n".join(differences) == ""
