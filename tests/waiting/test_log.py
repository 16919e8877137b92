"""A trigger's log: changes alone, without blocking the event loop."""

import asyncio
import threading

from airflow_provider_adls.waiting.log import ChangeLog, LookLog


class Trigger(ChangeLog):
    """One whose log can be held up."""

    def __init__(self):
        self.log = self
        self.lines = []
        self.free = threading.Event()
        self.free.set()

    def info(self, template, text):
        assert self.free.wait(30), "nobody reads the log, and the loop is held up"
        self.lines.append(("info", template % text))

    def error(self, template, text):
        self.lines.append(("error", template % text))


async def test_changes():
    """A line is logged once, and again after another one."""
    trigger = Trigger()
    for text in ("0 matches", "0 matches", "1 matches", "0 matches"):
        await trigger.log_change(text)
    assert trigger.lines == [("info", "0 matches"), ("info", "1 matches"), ("info", "0 matches")]


async def test_a_key():
    """With a key, the first text of each key is logged; an error is logged as one."""
    trigger = Trigger()
    for number in range(3):
        await trigger.log_change(f"refused, request {number}", key="refused", is_error=True)
    assert trigger.lines == [("error", "refused, request 0")]


async def test_a_log_that_nobody_reads():
    """While a line cannot be written, the event loop goes on."""
    trigger = Trigger()
    trigger.free.clear()
    logging = asyncio.create_task(trigger.log_change("0 matches"))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(trigger.free.set)
    await logging
    assert trigger.lines == [("info", "0 matches")]


def test_a_line_an_hour():
    """A wait in which nothing changes is logged once an hour, with the number of looks."""
    clock = iter([0, 60, 3599, 3600, 3660, 7199, 7200])
    log = LookLog(clock.__next__)
    lines = [log.line(f"unchanged for {number} of 9 s", key="same") for number in range(6)]
    assert lines == [
        "unchanged for 0 of 9 s",
        None,
        None,
        "unchanged for 3 of 9 s (after 4 looks)",
        None,
        None,
    ]
    assert log.line("0 of 3 matches") == "0 of 3 matches"
