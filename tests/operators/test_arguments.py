"""Arguments: what is wrong is said when the DAG is parsed, where it can be known then."""

import importlib
import inspect
import re
from functools import partial
from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import DAG, AirflowFailException, BaseOperator

from airflow_provider_adls.operators.base import ADLSGen1Operator, ArgumentError
from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator, ADLSGen1ListOperator
from airflow_provider_adls.operators.sync import ADLSGen1SyncOperator
from airflow_provider_adls.provider_info import get_provider_info
from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from tests.operators.cases import accounts, common, distributed, files, tables, transfers

PACKAGE = "airflow_provider_adls."
FAMILIES = (accounts, files, transfers, distributed, tables)
RIGHT = {operator: arguments for family in FAMILIES for operator, arguments in family.RIGHT.items()}
WRONG = {name: values for family in (common, *FAMILIES) for name, values in family.WRONG.items()}
RENDERED = {name: value for family in (common, *FAMILIES) for name, value in family.RENDERED.items()}
LOCAL = ADLSGen1ToLocalOperator
FILE_OPERATORS = (
    files.ADLSGen1CreateFileOperator,
    files.ADLSGen1AppendToFileOperator,
    files.ADLSGen1ReadFileOperator,
)
WRITTEN = (
    (files.ADLSGen1CreateDirectoryOperator, "path"),
    (files.ADLSGen1CreateFileOperator, "path"),
    (files.ADLSGen1AppendToFileOperator, "path"),
    (files.ADLSGen1MoveOperator, "destination_path"),
    (files.ADLSGen1ConcatenateOperator, "destination_path"),
    (files.ADLSGen1FileTransformOperator, "destination_path"),
    (files.ADLSGen1RestoreOperator, "destination_path"),
    (ADLSGen1CopyOperator, "destination_path"),
    (ADLSGen1SyncOperator, "destination_path"),
    (transfers.LocalToADLSGen1Operator, "remote_path"),
    (transfers.ObjectStorageToADLSGen1Operator, "remote_path"),
    (LOCAL, "local_path"),
)
GLOBS = (
    (ADLSGen1ListOperator, "path"),
    (ADLSGen1DeleteOperator, "path"),
    (files.ADLSGen1MoveOperator, "source_path"),
    (files.ADLSGen1SetPermissionOperator, "path"),
    (files.ADLSGen1FileTransformOperator, "source_path"),
    (ADLSGen1CopyOperator, "source_path"),
    (ADLSGen1ToLocalOperator, "remote_path"),
    (transfers.ADLSGen1ToObjectStorageOperator, "remote_path"),
)
OPERATORS = pytest.mark.parametrize("operator", RIGHT, ids=lambda operator: operator.__name__)


def with_one(operator, name, value):
    """Right arguments but for one."""
    given = {**RIGHT[operator], **files.BESIDE.get(name, {}), name: value}
    return {key: one for key, one in given.items() if key != files.EXCLUSIVE.get(name)}


WRONG_CASES = [
    pytest.param(operator, name, value, id=f"{operator.__name__}-{name}-{value!r}")
    for family in FAMILIES
    for operator in family.RIGHT
    for name in operator.argument_table
    for value in family.WRONG.get(name, WRONG.get(name))
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
        operator(task_id="task", **with_one(operator, name, value))


def test_every_operator_has_its_cases():
    """An operator that no test gives arguments is noticed."""
    info = get_provider_info()
    names = [
        *[name for part in info["operators"] for name in part["python-modules"]],
        *[transfer["python-module"] for transfer in info["transfers"]],
    ]
    there = {
        member
        for module in map(importlib.import_module, names)
        for member in vars(module).values()
        if isinstance(member, type) and issubclass(member, ADLSGen1Operator)
        # A base is imported, or has something left to define.
        if member.__module__ == module.__name__ and not member.__name__.startswith("_")
    }
    assert there == set(RIGHT)


@pytest.mark.parametrize(
    ("operator", "name"), [(operator, name) for operator in RIGHT for name in operator.template_fields]
)
def test_rendered_templates_are_validated(operator, name):
    """A template is taken at parse; its value is validated before the work, and not retried if wrong."""
    rendered = RENDERED.get(name, "")
    task = operator(task_id="task", **with_one(operator, name, "{{ var }}"))
    if rendered is common.ANYTHING:
        return
    if isinstance(rendered, str):
        task.render_template_fields({"var": rendered})
    else:
        setattr(task, name, rendered)
    with pytest.raises(ArgumentError, match=f"{operator.__name__} 'task', argument '{name}': ") as raised:
        task.execute({})
    assert isinstance(raised.value, AirflowFailException)


@OPERATORS
def test_a_missing_value_is_refused(operator):
    """None is refused at parse, and before the work if a template turns out to give it."""
    for name in [name for name, one in operator.argument_table.items() if one.required]:
        with pytest.raises(ValueError, match=f"argument '{name}': must have a value"):
            operator(task_id="task", **with_one(operator, name, None))
        task = operator(task_id="task", **RIGHT[operator])
        setattr(task, name, None)
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
    """Ids, paths and names are templated; every row of the table is an attribute."""
    task = operator(task_id="task", **RIGHT[operator])
    assert {*RIGHT[operator], "adls_gen1_conn_id", "account_name"} <= set(operator.template_fields)
    assert all(hasattr(task, name) for name in (*operator.template_fields, *operator.argument_table))


FIXED_CASES = [
    pytest.param(operator, name, id=f"{operator.__name__}-{name}")
    for operator in RIGHT
    for name, one in operator.argument_table.items()
    if not one.templated
]


@pytest.mark.parametrize(("operator", "name"), FIXED_CASES)
def test_a_template_where_none_is_rendered(operator, name):
    """A template, or another task's result, is refused at parse where Airflow does not render it."""
    message = f"{operator.__name__} 'task', argument '{name}': is not templated"
    with pytest.raises(ValueError, match=message):
        operator(task_id="task", **with_one(operator, name, "{{ params.value }}"))
    with pytest.raises(ValueError, match=message):
        operator.partial(task_id="task", **{name: "{{ params.value }}"})
    with DAG("dag", schedule=None):
        other = ADLSGen1ListOperator(task_id="other", path="/")
        with pytest.raises(ValueError, match=message):
            operator(task_id="task", **with_one(operator, name, other.output))


@pytest.mark.parametrize("text", ["True", "true", " TRUE "])
def test_a_template_says_a_flag_or_a_number(hook, text):
    """The text that a template gives is read as the flag or the number that it stands for."""
    hook.filesystem.pipe({"/raw/1.csv": b"", "/raw/2.csv": b""})
    limited = ADLSGen1ListOperator(task_id="list", path="/", recursive="{{ all }}", limit="{{ most }}")
    limited.render_template_fields({"all": text, "most": "1"})
    assert limited.execute({}) == ["/raw/1.csv"]

    unlimited = ADLSGen1ListOperator(task_id="list", path="/", recursive="{{ all }}", limit="{{ most }}")
    unlimited.render_template_fields({"all": "False", "most": None})
    assert unlimited.execute({}) == []

    previewed = ADLSGen1DeleteOperator(task_id="delete", path="/raw/*.csv", preview="{{ params.preview }}")
    previewed.render_template_fields({"params": {"preview": text}})
    assert previewed.execute({})["preview"] is True
    previewed.dry_run()
    assert len(hook.list_paths("/raw")) == 2


def test_a_subclass_renders_more():
    """A subclass that adds to `template_fields` may be given templates there; their values are validated."""

    class Delete(ADLSGen1DeleteOperator):
        template_fields = (*ADLSGen1DeleteOperator.template_fields, "recursive")

    class Inherits(Delete):
        pass

    for operator in (Delete, Inherits):
        task = operator(task_id="task", path="/a", recursive="{{ params.all }}")
        task.render_template_fields({"params": {"all": "yes"}})
        with pytest.raises(ValueError, match="argument 'recursive': must be True or False, not 'yes'"):
            task.execute({})


@OPERATORS
def test_the_docstring_is_the_table(operator):
    """The docstring names each argument once, and says which are templated and what else they are called."""
    shown = dict(
        re.findall(r"^    :param (\w+): (.*?)(?=^    :|\Z)", operator.__doc__, re.DOTALL | re.MULTILINE)
    )
    aliases = {one.alias: name for name, one in operator.argument_table.items() if one.alias}
    assert shown.keys() == operator.argument_table.keys() | aliases.keys()
    for name, one in operator.argument_table.items():
        text = " ".join(shown[name].split())
        assert text == f"{one.description}.{' (templated)' if one.templated else ''}"
    assert all(f"``{name}``" in shown[alias] for alias, name in aliases.items())
    assert re.search(r"^    :returns: \S", operator.__doc__, re.MULTILINE)
    assert max(map(len, operator.__doc__.splitlines())) <= 110


@OPERATORS
def test_the_table_is_the_signature(operator):
    """Every row is a parameter of a constructor, and every parameter a row or an alias."""
    own = [vars(one).get("__init__") for one in operator.__mro__ if PACKAGE in one.__module__]
    parameters = {name for one in own if one for name in inspect.signature(one).parameters}
    aliases = {one.alias for one in operator.argument_table.values() if one.alias}
    others = {"self", "kwargs", "azure_data_lake_conn_id", "multiple_outputs"}
    assert parameters - others - aliases == operator.argument_table.keys()
    assert aliases <= parameters


@OPERATORS
def test_no_argument_hides_one_of_airflow_s(operator):
    """No argument has the name of something that Airflow's operators have, `dry_run` for instance."""
    own = set(operator.argument_table) - {"adls_gen1_conn_id"}
    assert [name for name in own if hasattr(BaseOperator, name)] == []


@pytest.mark.parametrize(
    ("operator", "name", "value"),
    [
        *((operator, "path", path) for operator in FILE_OPERATORS for path in ("/", "/raw/", "adl://lake")),
        *((operator, name, "/raw/*.csv") for operator, name in WRITTEN),
        *((operator, name, "/raw/day**.csv") for operator, name in GLOBS),
        *((LOCAL, "local_path", url) for url in ("file:///data", "adl://lake/raw", "s3://bucket/key")),
        (ADLSGen1SyncOperator, "destination_path", "s3://bucket/*"),
        (transfers.ADLSGen1ToObjectStorageOperator, "destination_path", "s3://bucket/*"),
        *((ADLSGen1SyncOperator, name, "/raw/01:00") for name in ("source_path", "destination_path")),
        (files.ADLSGen1CreateFileOperator, "data", {"rows": float("nan")}),
    ],
)
def test_wrong_paths(operator, name, value):
    """A file has a name, nothing is written to a pattern, and a URL is not a path of this machine."""
    with pytest.raises(ValueError, match=f"{operator.__name__} 'task', argument '{name}': "):
        operator(task_id="task", **{**RIGHT[operator], name: value})


@pytest.mark.parametrize(
    ("source", "destination", "refused"),
    [
        ("/a", "/a/b", ["copy", "move", "sync", "transform"]),
        ("/a/", "//a/b/", ["copy", "move", "sync", "transform"]),
        ("adl://lake/a", "adl://lake.azuredatalakestore.net/a/b", ["copy", "move", "sync", "transform"]),
        ("/", "/a", ["copy", "move", "sync", "transform"]),
        ("/a", "/a", ["copy", "sync"]),
        ("/a/b", "/a", ["delete"]),
        ("/a/*.csv", "/a", ["delete"]),
        ("/a", "/ab", []),
        ("/a", "adl://lake/a/b", []),
        ("adl://lake/a", "adl://sea/a/b", []),
        ("/a/*", "/a/b", []),
        ("{{ a }}", "/a", []),
    ],
)
def test_nothing_goes_into_itself(source, destination, refused):
    """What would go into itself is refused at parse, and a sync that would delete what it copies."""
    operators = {
        "copy": ADLSGen1CopyOperator,
        "move": files.ADLSGen1MoveOperator,
        "sync": ADLSGen1SyncOperator,
        "transform": partial(files.ADLSGen1FileTransformOperator, transform_script="cp"),
        "delete": partial(ADLSGen1SyncOperator, delete=True),
    }
    if "sync" in refused:
        refused = [*refused, "delete"]
    said = []
    for name, operator in operators.items():
        try:
            operator(task_id="task", source_path=source, destination_path=destination)
        except ValueError as error:
            assert "_path': " in str(error)  # noqa: PT017 - that others are not raised is looked at too
            said.append(name)
    assert sorted(refused) == sorted(said)


def test_the_same_path_of_another_connection():
    """A path that names no account is another one where another connection is named."""
    ADLSGen1SyncOperator(task_id="task", source_path="/a", destination_path="/a", source_conn_id="sea")
    for operator in (ADLSGen1CopyOperator, ADLSGen1SyncOperator):
        operator(task_id="task", source_path="/a", destination_path="/a", destination_conn_id="sea")
        with pytest.raises(ValueError, match="argument 'destination_path'"):
            operator(
                task_id="task",
                source_path="adl://lake/a",
                destination_path="adl://lake/a",
                destination_conn_id="sea",
            )


@pytest.mark.parametrize(
    "arguments",
    [
        {"source_path": "/a", "destination_path": "adl://lake/b"},
        {"source_path": ["adl://lake/a"], "destination_path": "/b"},
        {"source_path": ["adl://sea/a", "/c"], "destination_path": "adl://lake/b", "keep_sources": True},
    ],
)
def test_accounts_that_may_be_right(arguments):
    """Only the connection says which account a path without one is in; a copy's source may be in any."""
    files.ADLSGen1ConcatenateOperator(task_id="task", **arguments)


@pytest.mark.parametrize("path", ["/", "adl://lake/", ["/raw", "//"], "/./"])
def test_the_root_is_not_deleted(path):
    """The root of an account is refused when the DAG is parsed."""
    with pytest.raises(ValueError, match="argument 'path': the root of an account"):
        ADLSGen1DeleteOperator(task_id="task", path=path, recursive=True)


def test_names_of_the_official_operators():
    """What the official operators call an argument is taken, alone or with the same value."""
    task = ADLSGen1DeleteOperator(
        task_id="task", path="/a", azure_data_lake_conn_id="lake", ignore_not_found=False
    )
    assert (task.adls_gen1_conn_id, task.hook.adls_gen1_conn_id) == ("lake", "lake")
    assert task.ignore_if_missing is False
    for name, other in (("adls_gen1_conn_id", "azure_data_lake_conn_id"),):
        assert getattr(ADLSGen1ListOperator(task_id="task", path="/", **{name: "a", other: "a"}), name) == "a"
        with pytest.raises(ValueError, match=f"argument '{other}': is another name for {name}"):
            ADLSGen1ListOperator(task_id="task", path="/", **{name: "a", other: "b"})
    with pytest.raises(ValueError, match="argument 'ignore_if_missing': must be True or False"):
        ADLSGen1DeleteOperator(task_id="task", path="/a", ignore_not_found="no")


def test_official_names_from_default_args():
    """A DAG that was written for the official operators may name the connection in its default arguments."""
    with DAG("dag", schedule=None, default_args={"azure_data_lake_conn_id": "lake"}):
        task = ADLSGen1ListOperator(task_id="task", path="/")
        mapped = ADLSGen1ListOperator.partial(task_id="mapped").expand(path=["/"])
    assert (task.adls_gen1_conn_id, mapped.unmap({"path": "/"}).adls_gen1_conn_id) == ("lake", "lake")


@pytest.mark.parametrize(
    ("operator", "arguments", "name"),
    [
        (ADLSGen1ListOperator, {"include_files": False}, "include_files"),
        (files.ADLSGen1CreateFileOperator, {"expires_at": "2050-01-01T00:00:00Z"}, "expires_in"),
        (files.ADLSGen1ConcatenateOperator, {"if_exists": "append", "keep_sources": True}, "keep_sources"),
        (files.ADLSGen1SetExpiryOperator, {"expires_in": None}, "expires_at"),
        (files.ADLSGen1SetExpiryOperator, {"expires_at": "2050-01-01T00:00:00Z"}, "expires_in"),
        (
            files.ADLSGen1SetExpiryOperator,
            {"expires_in": None, "expires_at": "2050-01-01T00:00:00Z", "since_creation": True},
            "since_creation",
        ),
        (files.ADLSGen1SetOwnerOperator, {"new_owner": None, "new_group": None}, "new_owner"),
        (files.ADLSGen1FileTransformOperator, {"python_callable": print}, "transform_script"),
        (files.ADLSGen1FileTransformOperator, {"transform_script": None}, "transform_script"),
        (files.ADLSGen1SetAclOperator, {"acl": "user::rwx,group::r-x"}, "acl"),
        (
            files.ADLSGen1FileTransformOperator,
            {"transform_script": None, "python_callable": print},
            "script_args",
        ),
        (files.ADLSGen1FileTransformOperator, {"op_kwargs": {"a": 1}}, "op_kwargs"),
        (files.ADLSGen1CreateFileOperator, {"data": "é", "encoding": "ascii"}, "encoding"),
        (files.ADLSGen1AppendToFileOperator, {"data": "é", "encoding": "ascii"}, "encoding"),
        (files.ADLSGen1AppendToFileOperator, {"data": "a" * 64, "encoding": "idna"}, "encoding"),
        (files.ADLSGen1ConcatenateOperator, {"source_path": []}, "source_path"),
        (files.ADLSGen1ConcatenateOperator, {"source_path": ["/a", "//a"]}, "source_path"),
        *(
            (
                files.ADLSGen1ConcatenateOperator,
                {"source_path": source, "destination_path": "adl://lake/archive"},
                "destination_path",
            )
            for source in ("adl://sea/*", ["adl://lake/a", "adl://sea/a"])
        ),
        (
            files.ADLSGen1RestoreOperator,
            {"path": "adl://lake/a", "destination_path": "adl://sea/a"},
            "destination_path",
        ),
        (files.ADLSGen1RemoveAclEntriesOperator, {"acl": "mask,user::"}, "acl"),
        (files.ADLSGen1ConcatenateOperator, {"source_path": ["/a", "/archive"]}, "destination_path"),
        (ADLSGen1CopyOperator, {"overwrite": True, "if_exists": "skip"}, "if_exists"),
    ],
)
def test_arguments_that_do_not_go_together(operator, arguments, name):
    """What arguments demand of each other is validated when the DAG is parsed."""
    with pytest.raises(ValueError, match=f"{operator.__name__} 'task', argument '{name}': "):
        operator(task_id="task", **{**RIGHT[operator], **arguments})
