"""Runs an operator as Airflow does, without a DAG."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def run() -> Callable[..., Any]:
    """A function that renders templates and executes; the result is what XCom would hold."""

    def run_one(operator: Any, context: dict[str, Any] | None = None, **arguments: Any) -> Any:
        task = operator(task_id="task", **arguments)
        task.render_template_fields(context or {})
        result = task.execute(context or {})
        assert result == json.loads(json.dumps(result))
        return result

    return run_one
