"""Arguments: what is wrong is said when the DAG is parsed, where it can be known then."""

from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import DAG, BaseOperator

from airflow_provider_adls.operators.accounts import (
    ADLSGen1CreateAccountOperator,
    ADLSGen1DeleteAccountOperator,
)
from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
)
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

RIGHT = {
    ADLSGen1CreateAccountOperator: {"account_name": "lake", "location": "eastus2"},
    ADLSGen1DeleteAccountOperator: {"account_name": "lake"},
    ADLSGen1CreateDirectoryOperator: {"path": "/raw"},
    ADLSGen1ListOperator: {"path": "/raw/*"},
    ADLSGen1DeleteOperator: {"path": ["/raw/a", "adl://lake/raw/b"]},
    LocalToADLSGen1Operator: {"local_path": "/data", "remote_path": "/raw"},
    ADLSGen1ToLocalOperator: {"local_path": Path("/data"), "remote_path": "/raw"},
}
OPERATORS = pytest.mark.parametrize("operator", RIGHT, ids=lambda operator: operator.__name__)
#: Values of each argument that cannot be right.
WRONG = {
    "account_name": ("My-Lake", "", 5, "lake.example.com", b"lake"),
    "location": ("", 5, ["eastus2"]),
    "resource_group": ("", 5),
    "tags": ({"team": 5}, {5: "team"}, ["team"], "team"),
    "tier": ("Free", 1),
    "default_group": ("", 5),
    "encryption": ("UserManaged", True),
    "if_exists": ("replace", True),
    "wait_for_completion": ("false", 1),
    "path": ("raw", "s3://bucket/raw", "adl:///raw", "", 5),
    "permission": ("rwx", "888", 750),
    "recursive": ("false", 1),
    "include_directories": ("yes",),
    "ignore_if_missing": ("no",),
    "local_path": ("", 5, ["/data"]),
    "remote_path": ("raw", "", 5, ["/raw"]),
    "overwrite": ("true", 1),
    "adls_gen1_conn_id": ("", 5),
}
WRONG_CASES = [
    pytest.param(operator, name, value, id=f"{operator.__name__}-{name}-{value!r}")
    for operator in RIGHT
    for name in operator.rules
    for value in WRONG[name]
]


@OPERATORS
def test_right_arguments(operator):
    """What is right is taken as it stands; a path object as its string, which all of Airflow can render."""
    task = operator(task_id="task", **RIGHT[operator])
    expected = {
        name: str(value) if isinstance(value, Path) else value for name, value in RIGHT[operator].items()
    }
    assert {name: getattr(task, name) for name in RIGHT[operator]} == expected


@pytest.mark.parametrize(("operator", "name", "value"), WRONG_CASES)
def test_wrong_arguments(operator, name, value):
    """A wrong value is refused by the constructor, with operator, task and argument."""
    with pytest.raises(ValueError, match=f"{operator.__name__} 'task', argument '{name}': "):
        operator(task_id="task", **{**RIGHT[operator], name: value})


@pytest.mark.parametrize(
    ("operator", "name"), [(operator, name) for operator in RIGHT for name in operator.template_fields]
)
def test_templates_are_judged_when_they_are_rendered(operator, name):
    """A template is taken at parse, and what it gives is judged before the work."""
    value = {"tags": {"team": "{{ 5 }}"}}.get(name, "{{ var }}")
    task = operator(task_id="task", **{**RIGHT[operator], name: value})
    wrong = {"tags": ["x"], "permission": "rwx", "tier": "Free"}.get(name, "")
    if name == "tags":
        task.tags = wrong
    else:
        task.render_template_fields({"var": wrong})
    with pytest.raises(ValueError, match=f"{operator.__name__} 'task', argument '{name}': "):
        task.execute({})


@OPERATORS
def test_a_missing_value_is_judged_before_the_work(operator):
    """None, which a mapped argument may turn out to be, is refused before the work."""
    for name in operator.needed:
        task = operator(task_id="task", **{**RIGHT[operator], name: None})
        with pytest.raises(ValueError, match=f"argument '{name}': must have a value"):
            task.execute({})


@OPERATORS
def test_results_of_other_tasks_are_taken(operator):
    """Another task's result has no value at parse, and makes the task wait for the other one."""
    with DAG("dag", schedule=None):
        other = ADLSGen1ListOperator(task_id="other", path="/")
        names = [name for name in RIGHT[operator] if name in operator.template_fields]
        task = operator(task_id="task", **dict.fromkeys(names, other.output))
    assert task.upstream_task_ids == {"other"}


@OPERATORS
def test_mapping(operator):
    """Any operator can be mapped over each of its arguments."""
    with DAG("dag", schedule=None):
        for name, value in RIGHT[operator].items():
            fixed = {key: one for key, one in RIGHT[operator].items() if key != name}
            mapped = operator.partial(task_id=f"over_{name}", **fixed).expand(**{name: [value]})
            assert not isinstance(mapped, BaseOperator)


@OPERATORS
def test_connection_from_default_args(operator):
    """A DAG's default arguments give the connection's id, to mapped operators too."""
    with DAG("dag", schedule=None, default_args={"adls_gen1_conn_id": "other"}):
        task = operator(task_id="task", **RIGHT[operator])
        mapped = operator.partial(task_id="mapped", adls_gen1_conn_id="third").expand(
            **{name: [value] for name, value in RIGHT[operator].items()}
        )
    assert (task.adls_gen1_conn_id, task.hook.adls_gen1_conn_id) == ("other", "other")
    assert mapped.partial_kwargs["adls_gen1_conn_id"] == "third"


@OPERATORS
def test_templated(operator):
    """Ids, paths and names are templated; template fields and rules name attributes that there are."""
    task = operator(task_id="task", **RIGHT[operator])
    assert {*RIGHT[operator], "adls_gen1_conn_id", "account_name"} <= set(operator.template_fields)
    assert all(hasattr(task, name) for name in (*operator.template_fields, *operator.rules))


@OPERATORS
def test_no_argument_hides_one_of_airflow_s(operator):
    """No argument has the name of something that Airflow's operators have, `dry_run` for instance."""
    own = set(operator.rules) - {"adls_gen1_conn_id"}
    assert [name for name in own if hasattr(BaseOperator, name)] == []


@pytest.mark.parametrize("path", ["/", "adl://lake/", ["/raw", "//"], "/./"])
def test_the_root_is_not_deleted(path):
    """The root of an account is refused when the DAG is parsed."""
    with pytest.raises(ValueError, match="argument 'path': the root of an account"):
        ADLSGen1DeleteOperator(task_id="task", path=path, recursive=True)
