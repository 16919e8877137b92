"""Exchanges that no server can agree with, by rules that look at the recording alone.

None of these sees the answers of the server under test.
"""

from __future__ import annotations

from tests.fidelity.recordings import Exchange, Run, first_segment

ROOT = "listings and sums of the account's root, which others used too"
REFUSED = "the recording user was refused"
FOREIGN = "files that no request of the run made"
#: Operations that make what they name.
MAKING = ("CREATE", "MKDIRS", "MSCONCAT")


def excuses(run: Run) -> list[str | None]:
    """Return the rule that excuses each exchange of a run, or None."""
    made = _Made()
    return [made.see(exchange) for exchange in run.exchanges]


class _Made:
    """The paths that a run's requests have made so far, and those that its answers have shown."""

    def __init__(self) -> None:
        self._made: set[str] = {"/"}
        self._foreign: set[str] = set()

    def see(self, exchange: Exchange) -> str | None:
        """Return the rule that excuses an exchange, or None; then learn from it."""
        # The working directory was there before the recording began.
        self._made.add(f"/{first_segment(exchange.path)}")
        rule = self._rule(exchange)
        if exchange.status < 300:
            self._learn(exchange)
        return rule

    def _rule(self, exchange: Exchange) -> str | None:
        if exchange.path == "/" and exchange.operation == "GETCONTENTSUMMARY":
            return ROOT
        if exchange.status in (401, 403):
            return REFUSED
        strangers = self._shown(exchange) - self._made
        if strangers and exchange.path == "/":
            return ROOT
        self._foreign |= strangers
        if strangers or self._about_foreign(exchange):
            return FOREIGN
        return None

    def _shown(self, exchange: Exchange) -> set[str]:
        """Return the paths that exist by an answer."""
        if exchange.status != 200:
            return set()
        if exchange.operation == "LISTSTATUS":
            leaves = [status["pathSuffix"] for status in exchange.json["FileStatuses"]["FileStatus"]]
            return {f"{exchange.path.rstrip('/')}/{leaf}" if leaf else exchange.path for leaf in leaves}
        if exchange.operation in ("DELETE", "RENAME"):
            return {exchange.path} if exchange.json["boolean"] else set()
        return set() if exchange.operation in MAKING else {exchange.path}

    def _about_foreign(self, exchange: Exchange) -> bool:
        if exchange.operation == "GETCONTENTSUMMARY":
            return any(path.startswith(f"{exchange.path}/") for path in self._foreign)
        return exchange.path in self._foreign and exchange.operation not in MAKING

    def _learn(self, exchange: Exchange) -> None:
        if exchange.operation in MAKING:
            self._make(exchange.path)
        elif exchange.operation == "RENAME" and exchange.json["boolean"]:
            destination = "/" + exchange.parameters["destination"].strip("/")
            moved = {path for path in self._made if f"{path}/".startswith(f"{exchange.path}/")}
            for path in moved:
                self._make(destination + path.removeprefix(exchange.path))

    def _make(self, path: str) -> None:
        while path != "/":
            self._made.add(path)
            self._foreign.discard(path)
            path = path.rpartition("/")[0] or "/"
