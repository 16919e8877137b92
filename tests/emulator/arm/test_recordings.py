"""Accounts, against recordings of the real Resource Manager.

Compared are status, headers, the body with its key order; left out are times and GUIDs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from airflow_provider_adls.emulator import Emulator

RECORDINGS = Path(__file__).parents[3].parent / "shared" / "golden" / "arm.json"
#: No request shows how many other accounts the recording's subscription had.
ELSEWHERE = {"accountCount"}
#: Of an exchange whose account an earlier request, which was not recorded, had made.
THERE = "the account was there already"
#: On every answer, says the recordings' description.
ALWAYS = {"cache-control": "no-cache", "pragma": "no-cache", "expires": "-1"}

pytestmark = pytest.mark.skipif(not RECORDINGS.exists(), reason=f"the recordings are not at {RECORDINGS}")


def neutral(value):
    """The value as text, key order kept, without what differs from run to run."""
    text = json.dumps(
        {k: v for k, v in value.items() if k not in ELSEWHERE} if isinstance(value, dict) else value
    )
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "GUID", text)
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", "TIME", text)


@pytest.mark.fidelity("recorded")
def test_recorded_exchanges_agree(browse):
    """Each recorded exchange about accounts and virtual network rules is answered as the service did."""
    exchanges = json.loads(RECORDINGS.read_text())
    known = {}
    with Emulator() as emulator, browse(emulator) as browser:
        headers = {**browser.bearer("https://management.core.windows.net/"), "Host": "management.azure.com"}
        for exchange in exchanges:
            uri = exchange["uri"]
            for theirs, ours in known.items():
                uri = uri.replace(theirs, ours)
            where = f"{exchange['method']} {uri}"
            if THERE in exchange["headers"].pop("note", ""):
                emulator.create_account(uri.partition("?")[0].rpartition("/")[2])
            body = {"json": exchange["request"]} if exchange["request"] is not None else {}
            answer = browser.send(exchange["method"], uri, headers=headers, **body)
            got = answer.json() if answer.content else ""
            assert exchange["status"] == answer.status_code, where
            assert neutral(exchange["body"]) == neutral(got), where
            for name, value in {**ALWAYS, **exchange["headers"]}.items():
                assert neutral(value) == neutral(answer.headers[name]), f"{where}: {name}"
            if got:
                assert answer.headers["Content-Type"] == "application/json", where
            if isinstance(got, dict) and "accountId" in got.get("properties", {}):
                known[exchange["body"]["properties"]["accountId"]] = got["properties"]["accountId"]
    print(f"{len(exchanges)} of {len(exchanges)} exchanges agree")
    assert len(exchanges) == 15
