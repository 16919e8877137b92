"""Every documented example in one DAG, one after the other, each in a task group of its own."""

import os
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from airflow.providers.common.compat.sdk import DAG, BaseOperator, TaskGroup, chain, task

from airflow_provider_adls.operators.accounts import (
    ADLSGen1CreateAccountOperator,
    ADLSGen1DeleteAccountOperator,
)
from tests.examples.documented import docstring_examples, guide_examples

#: Takes the examples' code.
FILES = Path(os.environ["EXAMPLES"])
#: Examples that use a store, or folders of a machine, that a test does not have: they are parsed elsewhere.
ELSEWHERE = {
    *("LocalToADLSGen1Operator", "ADLSGen1ToLocalOperator", "ADLSGen1FileTransformOperator"),
    *("ObjectStorageToADLSGen1Operator", "ADLSGen1ToObjectStorageOperator", "ADLSGen1SyncOperator"),
    # Each goes on with what the one before it left.
    *("ADLSGen1BeginTransferOperator", "ADLSGen1ListShardsOperator", "ADLSGen1CopyShardOperator"),
    "ADLSGen1KeepAttributesOperator",
}
#: Examples that come first, since they create the account or have a key to change, and last.
FIRST = (
    "ADLSGen1EnableKeyVaultOperator",
    "ADLSGen1UpdateAccountOperator",
    "guide_accounts",
    "ADLSGen1CreateAccountOperator",
)
LAST = ("ADLSGen1AccountStateSensor", "ADLSGen1DeleteAccountOperator")


class Process(BaseOperator):
    """Stands for an operator of the user's that a path is given to."""

    template_fields = ("path",)

    def __init__(self, *, path, **kwargs):
        super().__init__(**kwargs)
        self.path = path

    def execute(self, context):
        """Fail if the path is none."""
        assert self.path.startswith("/"), self.path


@task
def report(value):
    """Stand for a task of the user's that a value is given to."""
    assert value is not None


@task
def grant_the_right():
    """Stand for a task of the user's that is given nothing."""


def namespace(example):
    """What an example may name: what its module and Python's have, and the stand-ins."""
    names = {
        "Process": Process,
        "report": report,
        "let_in": report,
        "ask_for_another_name": report,
        "grant_the_right": grant_the_right,
        "timedelta": timedelta,
        "ADLSGen1CreateAccountOperator": ADLSGen1CreateAccountOperator,
    }
    if example.module:
        return {**vars(import_module(example.module)), **names}
    for module in ("accounts", "account_queries", "account_encryption"):
        names |= vars(import_module(f"airflow_provider_adls.operators.{module}"))
    return names


def add(example):
    """Add an example to the DAG, and give its group."""
    with TaskGroup(example.name) as group:
        # Airflow keeps the source of a function that is mapped with.
        file = FILES / f"{example.name}.py"
        file.write_text(example.code)
        exec(compile(example.code, file, "exec"), namespace(example))
    return group


examples = [one for one in docstring_examples() if "triggers" not in one.module]
(guide,) = guide_examples("docs/how-to/accounts.md")
runnable = {one.name: one for one in examples if one.name not in ELSEWHERE}
runnable["guide_accounts"] = guide._replace(name="guide_accounts")

with DAG(
    "examples",
    schedule=timedelta(days=1),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    params={
        "subscription": "2f8d6b1c-0e4a-47d3-9c75-b1a6e8f03d29",
        "partner_tenant": "9d5b43a0",
        "version": "v2",
    },
):
    sales = {"account_name": "ofsales", "location": "eastus2", "resource_group": "sales"}
    groups = [ADLSGen1CreateAccountOperator(task_id="before_all", **sales)]
    for name in [*FIRST, *(name for name in runnable if name not in FIRST + LAST), *LAST]:
        groups.append(add(runnable[name]))
        if name in FIRST[1:3]:
            groups.append(ADLSGen1DeleteAccountOperator(task_id=f"after_{name}", account_name="mylake"))
        if name == "ADLSGen1CopyOperator":
            groups.append(ADLSGen1DeleteAccountOperator(task_id="after_copy", account_name="old"))
    chain(*groups)

with DAG("elsewhere", schedule=None):
    for one in examples:
        if one.name in ELSEWHERE:
            add(one)
