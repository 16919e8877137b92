"""Exchanges that no server can agree with, by rules that look at the recording alone.

No rule sees an answer of the server under test.
"""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime

from tests.fidelity.gen2.recordings import Exchange, Run, outside

RENAME = "a rename whose source the recorder removed, and what follows it"
SIGN_IN = "refused for who asked: the replay asks as the holder of the account's key"
DELEGATION = "a key of delegated signatures, which belongs to sign-in"
QUERY = "a query of a blob's content, which the emulator does not have"
OTHERS = "containers that no request of the run made"
EARLY = "a file that vanished within the second before its time"
RACE = "one write, refused with 304 where the same test's other recording has 412"
_NOT_HERE = {"userdelegationkey": DELEGATION, "query": QUERY}
_FAILURES = re.compile(rb'"failureCount":[1-9]')
_NAMED = re.compile(r'<Name>([^<]+)</Name>|"name":"([^"]+)"')


def excuses(run: Run) -> list[str | None]:
    """Return for each exchange of a run the rule that excuses it, or None."""
    made = _containers(run)
    ends = _ends(run)
    found: list[str | None] = []
    lost = False
    strange: set[str] = set()
    for each in run.exchanges:
        lost = lost or _is_lost(run, each)
        rule = RENAME if lost else _rule(each, made, ends)
        if each.query.get("continuation") in strange:
            rule = SIGN_IN
        if rule == SIGN_IN and (token := each.headers.get("x-ms-continuation")):
            # Where a batch of changes ended depends on what the caller was refused.
            strange.add(token)
        found.append(rule)
    return found


def _is_lost(run: Run, each: Exchange) -> bool:
    renames = each.face == "dfs" and each.method == "PUT" and each.path and "resource" not in each.query
    if not renames:
        return False
    source = each.request_headers.get("x-ms-rename-source")
    # The commands' recordings have other names of containers in their URLs than in their headers.
    return source is None or run.recording.startswith("cli")


def _rule(each: Exchange, made: set[str], ends: dict[str, str]) -> str | None:
    if each.status in (401, 403) or _FAILURES.search(each.body):
        return SIGN_IN
    if each.method == "PATCH" and each.status == 304:
        return RACE
    if (comp := each.query.get("comp")) in _NOT_HERE:
        return _NOT_HERE[comp]
    if _is_early(each, ends):
        return EARLY
    return OTHERS if _shown(each) - made else None


def _is_early(each: Exchange, ends: dict[str, str]) -> bool:
    if each.code != "BlobNotFound" or each.target not in ends:
        return False
    end, now = (parsedate_to_datetime(text) for text in (ends[each.target], each.headers["date"]))
    return timedelta(0) < end - now <= timedelta(seconds=1)


def _shown(each: Exchange) -> set[str]:
    """Return the containers that a listing of the account shows."""
    lists = each.query.get("comp") == "list" or each.query.get("resource") == "account"
    if each.container or not lists:
        return set()
    return {next(filter(None, names)) for names in _NAMED.findall(each.body.decode("utf-8-sig"))}


def _ends(run: Run) -> dict[str, str]:
    """Return when files of a run vanish, by their paths, as requests said it."""
    return {
        each.target: each.request_headers["x-ms-expiry-time"]
        for each in run.exchanges
        if each.request_headers.get("x-ms-expiry-option") == "Absolute"
    }


def _containers(run: Run) -> set[str]:
    """Return the containers that a run makes, or that are made for it."""
    own = {each.container for each in run.exchanges if each.method == "PUT" and not each.path}
    return own | {name for _, name in outside(run)}
