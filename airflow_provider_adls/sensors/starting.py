"""`can_start`: whether a triggerer can render the templates of a sensor that is to start in it.

A triggerer renders with Jinja and Airflow's own filters alone, without the filters, macros and settings of
the DAG. It renders in its event loop, where a call to Airflow, for an XCom or a variable, would wait for an
answer that the same loop has to read: all triggers would stand still.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import DAG

#: Names of a template's context that hold plain values.
_VALUES = frozenset(
    {
        *("ds", "ds_nodash", "ts", "ts_nodash", "ts_nodash_with_tz", "logical_date"),
        *("data_interval_start", "data_interval_end", "dag_run", "run_id", "params", "macros"),
        "partition_key",
    }
)
#: Airflow's filters, which the triggerer has beside those of Jinja.
_FILTERS = frozenset({"ds", "ds_nodash", "ts", "ts_nodash", "ts_nodash_with_tz"})


def can_start(fields: Iterable[Any], dag: DAG | None) -> bool:
    """Return whether a triggerer can render what a worker would render.

    :param fields: values of the template fields.
    :param dag: the sensor's DAG; None if it is not known.
    """
    from airflow.triggers.base import BaseTrigger

    from airflow_provider_adls.operators.arguments import is_known

    templates = [value for value in fields if not is_known(value)]
    # Another task's result, or a list that holds a template.
    if not all(isinstance(value, str) for value in templates):
        return False
    # Airflow before 3.3 gives a trigger templates as they are.
    return not templates or (
        hasattr(BaseTrigger, "render_template_fields")
        and not getattr(dag, "jinja_environment_kwargs", None)
        and all(_is_plain(template, dag) for template in templates)
    )


def _is_plain(template: str, dag: DAG | None) -> bool:
    """Return whether a template uses nothing but plain values, and filters that the triggerer has."""
    import jinja2
    from jinja2 import meta, nodes

    environment = jinja2.Environment(autoescape=True)
    environment.filters.update(dict.fromkeys(_FILTERS, str))
    try:
        tree = environment.parse(template)
        # It fails for filters and tests that the environment does not have.
        names = meta.find_undeclared_variables(tree)
    except jinja2.TemplateSyntaxError:
        return False
    filters = {node.name for node in tree.find_all(nodes.Filter)}
    own = {
        *(getattr(dag, "user_defined_macros", None) or ()),
        *(getattr(dag, "user_defined_filters", None) or ()),
    }
    files = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
    return (
        not own & (names | filters)
        and names <= _VALUES | environment.globals.keys()
        and next(tree.find_all(files), None) is None
    )
