"""Templates of a trigger that a task starts in."""

from __future__ import annotations

import pytest
from airflow.triggers.base import BaseTrigger

from airflow_provider_adls.triggers.accounts import ADLSGen1AccountStateTrigger
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger

pytestmark = pytest.mark.skipif(
    not hasattr(BaseTrigger, "render_template_fields"), reason="this Airflow gives triggers no templates"
)


async def end(trigger, field, context):
    """Payload of the only event, after Airflow has rendered a field."""
    trigger.template_fields = (field,)
    trigger.render_template_fields(context)
    (event,) = [event async for event in trigger.run()]
    return event.payload


async def test_a_rendered_path(hook):
    """A path is rendered, and waited for."""
    hook.filesystem.pipe("/in/2026-01-01/a.csv", b"1")
    trigger = ADLSGen1PathTrigger("/in/{{ ds }}/*", poke_interval=0.05)
    assert (await end(trigger, "path", {"ds": "2026-01-01"}))["result"] == ["/in/2026-01-01/a.csv"]


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        (ADLSGen1PathTrigger("/in/{{ ds }}/*", poke_interval=0.05), "path"),
        (ADLSGen1AccountStateTrigger("lake{{ ds }}", poke_interval=0.05), "account_name"),
    ],
)
async def test_a_name_that_the_run_does_not_have(trigger, field):
    """A run without a logical date has no `ds`: the task fails, and does not wait for another path."""
    event = await end(trigger, field, {"run_id": "manual__2026"})
    assert event["status"] == "error"
    assert "a template cannot be rendered: 'ds' is undefined" in event["message"]


@pytest.mark.parametrize(
    ("path", "message"),
    [("raw/{{ x }}", "is relative"), ("/raw/{{ x }}", "has a colon"), ("{{ x }}", "path")],
)
async def test_a_path_that_cannot_be(path, message):
    """What a template gives is validated before the wait, as a worker does it."""
    trigger = ADLSGen1PathTrigger(path, poke_interval=0.05)
    event = await end(trigger, "path", {"x": "00:00"})
    assert event["status"] == "error"
    assert message in event["message"]
