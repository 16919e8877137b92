"""What a trigger says in its log."""

import asyncio
import threading

from airflow_provider_adls.waiting.log import Saying


class Trigger(Saying):
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


async def test_what_is_new():
    """The same is said once, and again when something else was said in between."""
    trigger = Trigger()
    for text in ("0 matches", "0 matches", "1 matches", "0 matches"):
        await trigger.say(text)
    assert trigger.lines == [("info", "0 matches"), ("info", "1 matches"), ("info", "0 matches")]


async def test_the_same_in_other_words():
    """What is told apart by something else than its text is said as it was first; what lasts is an error."""
    trigger = Trigger()
    for number in range(3):
        await trigger.say(f"refused, request {number}", news="refused", lasts=True)
    assert trigger.lines == [("error", "refused, request 0")]


async def test_a_log_that_nobody_reads():
    """As long as a line cannot be written, the event loop goes on: it reads what the line's reader sends."""
    trigger = Trigger()
    trigger.free.clear()
    saying = asyncio.create_task(trigger.say("0 matches"))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(trigger.free.set)
    await saying
    assert trigger.lines == [("info", "0 matches")]
