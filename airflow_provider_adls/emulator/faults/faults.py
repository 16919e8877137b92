"""`Faults`: the fault rules in force."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.criteria import criteria
from airflow_provider_adls.emulator.faults import errors
from airflow_provider_adls.emulator.faults.effect_arguments import effect
from airflow_provider_adls.emulator.faults.fault import Fault
from airflow_provider_adls.emulator.faults.rate import rate as checked_rate
from airflow_provider_adls.emulator.faults.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_adls.emulator.faults.subject import Subject
    from airflow_provider_adls.emulator.principal import Principal


class Faults:
    """Rules in the order of their addition, which is the order in which they see a request.

    Of the rules that are due, all fire that only delay or end a token, and the first that decides the answer.
    Every rule counts its matching requests, whatever the others do.

    May be used from any thread, and before the emulator has started.
    """

    def __init__(self) -> None:
        # Replaced, never changed: the server's thread goes through it while others add and remove.
        self._rules: tuple[Fault, ...] = ()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def add(
        self,
        *,
        service: str | None = None,
        operation: str | None = None,
        account: str | None = None,
        path: str | None = None,
        under: str | None = None,
        principal: Principal | str | None = None,
        nth: int | None = None,
        after: int | None = None,
        times: int | None = None,
        rate: int | None = None,
        status: int | None = None,
        error: str | None = None,
        message: str | None = None,
        retry_after: int | None = None,
        body: str | None = None,
        delay: float | None = None,
        drop: str | None = None,
        truncate: int | None = None,
        expire_token: bool = False,
    ) -> Fault:
        """Let requests fail from now on.

        Which requests; without any of these, all to the three services. A request that is only
        redirected (a CREATE without `write=true`) does not count:

        :param service: `login`, `arm`, `lake`, `dfs` or `blob`.
        :param operation: name of the operation, `APPEND`, `accounts.get` or `token` for instance.
        :param account: name of the account.
        :param path: path, with `*` and `?` for parts of a name, `**` for any names.
        :param under: directory that the path is, or is in.
        :param principal: the principal, or its client id or object id.

        At which of them; without any of these, at each:

        :param nth: at that one alone, counted from 1.
        :param after: at those after so many.
        :param times: so often at most.
        :param rate: at those beyond so many a second, counted for each account; they are throttled unless
            another way to fail is given.

        How they fail; `delay` goes with any of the others:

        :param status: HTTP status that they are answered with, as the service's error.
        :param error: the service's name for the error, if not the usual one of the status:
            `AccessControlException`, `AADSTS7000222`, or a code of Resource Manager.
        :param message: text of the error.
        :param retry_after: seconds in the answer's `Retry-After`; the status is 429 by default, and 503 of
            storage accounts.
        :param body: content of the answer in place of an error of the service, as a gateway's page.
        :param delay: seconds that they wait first.
        :param drop: `before` or `after` the work is done, the connection breaks off without an answer.
        :param truncate: bytes of content after which the answer breaks off; at least its end is
            missing. An answer without content comes whole.
        :param expire_token: whether the request's token is refused as expired, now and later.
        :return: the rule, which counts how often it fired, and is removed at the end of its `with` block.
        :raises ArgumentError: for an argument that is unknown to the service, invalid, or
            contradicts another; no rule is added then.
        """
        wanted = criteria(service, operation, account, path, under, principal)
        beyond = checked_rate(rate, nth=nth, after=after, times=times)
        if error is not None:
            error, own = errors.known(error, wanted.service)
            wanted = criteria(own, operation, account, path, under, principal)
        does = effect(
            wanted.service,
            {
                "status": status,
                "error": error,
                "message": message,
                "retry_after": retry_after,
                "body": body,
                "delay": delay,
                "drop": drop,
                "truncate": truncate,
                "expire_token": expire_token,
            },
            throttles=beyond is not None,
        )
        when = schedule(nth, after, times)
        fault = Fault(next(self._numbers), wanted, when, does, self._forget, beyond)
        with self._lock:
            self._rules = (*self._rules, fault)
        return fault

    def clear(self) -> None:
        """Remove all rules."""
        for fault in self._rules:
            fault.remove()

    def meet(self, asked: Subject) -> list[Fault]:
        """Return the rules that fire at a request, in order; only the last may settle it."""
        firing: list[Fault] = []
        settled = False
        for fault in self._rules:
            if fault.meet(asked, settled=settled):
                firing.append(fault)
                settled = fault.effect.settles
        return firing

    def _forget(self, fault: Fault) -> None:
        with self._lock:
            self._rules = tuple(rule for rule in self._rules if rule is not fault)

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._rules)
