"""`Fault`: a rule that says which requests fail, when, and how."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator.criteria import Criteria
    from airflow_provider_adls.emulator.faults.effect import Effect
    from airflow_provider_adls.emulator.faults.rate import Rate
    from airflow_provider_adls.emulator.faults.schedule import Schedule
    from airflow_provider_adls.emulator.faults.subject import Subject


class Fault:
    """A rule that is in force, from `add` until it is removed or the end of its `with` block.

    :param forget: takes it out of the rules in force.
    :param rate: requests that it lets pass; None for none.
    :ivar matched: how many requests matched so far.
    :ivar fired: at how many of them it fired.
    :ivar removed: whether it is out of force.
    """

    def __init__(
        self,
        number: int,
        criteria: Criteria,
        schedule: Schedule,
        effect: Effect,
        forget: Callable[[Fault], None],
        rate: Rate | None = None,
    ) -> None:
        self.id = number
        self._rate = rate
        self.effect = effect
        self._criteria = criteria
        self._schedule = schedule
        self._forget = forget
        self.matched = 0
        self.fired = 0
        self.removed = False
        self._undo: set[Callable[[], object]] = set()

    def meet(self, asked: Subject, *, settled: bool) -> bool:
        """Count a request if it matches, and say whether the rule fires at it.

        :param settled: whether another rule has decided its answer.
        """
        if self.effect.expire_token and asked.principal is None:
            # The request has no valid token that could end.
            return False
        if self.removed or not self._criteria.fit(asked):
            return False
        self.matched += 1
        if settled or not self._schedule.fires_at(self.matched, self.fired):
            return False
        if self._rate is not None and self._rate.take(asked.account):
            return False
        self.fired += 1
        return True

    async def hold(self, seconds: float) -> None:
        """Wait for so long, or until the rule is removed."""
        removed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def let_go() -> None:
            # The loop of an emulator that has just stopped holds nothing any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(removed.set)

        self.at_removal(let_go)
        try:
            async with asyncio.timeout(seconds):
                await removed.wait()
        except TimeoutError:
            pass
        finally:
            self._undo.discard(let_go)

    def at_removal(self, undo: Callable[[], object]) -> None:
        """Call a function when the rule is removed; at once, if it is already."""
        self._undo.add(undo)
        if self.removed:
            undo()

    def remove(self) -> None:
        """Put it out of force: requests that it holds go on, and tokens that it ended are good again."""
        self.removed = True
        self._forget(self)
        for undo in tuple(self._undo):
            undo()

    def to_json(self) -> dict[str, Any]:
        """Return id, arguments, and how often it matched and fired."""
        return {
            "id": self.id,
            **self._criteria.to_json(),
            **self._schedule.to_json(),
            **({"rate": self._rate.a_second} if self._rate is not None else {}),
            **self.effect.to_json(),
            "matched": self.matched,
            "fired": self.fired,
        }

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self.to_json().items())
        return f"<Fault {said}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()
