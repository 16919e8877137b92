"""The button of a task that leads to its account."""

import json
from pathlib import Path
from urllib.parse import quote

import airflow
import pytest

from airflow_provider_adls.model.paths import possible_name
from airflow_provider_adls.operators.accounts import ADLSGen1DeleteAccountOperator
from airflow_provider_adls.operators.distributed import ADLSGen1TransferReportOperator
from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator
from airflow_provider_adls.operators.links import ADLSGen1AccountLink, ADLSGen1ReportLink
from airflow_provider_adls.provider_info import get_provider_info
from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor

IDS = {
    "cloud": "public",
    "tenant_id": "11111111-1111-4111-8111-111111111111",
    "login": "22222222-2222-4222-8222-222222222222",
    "password": "a~secret",
    "subscription_id": "33333333-3333-4333-8333-333333333333",
    "resource_group": "rg-(new)",
    "account_name": "mylake",
}
RESOURCE = f"{IDS['tenant_id']}/resource/subscriptions/{IDS['subscription_id']}/resourceGroups/"


REPORT = {"state_path": "/_state", "transfer_id": "daily/scheduled__2026-11-29T00:00:00+00:00"}


def link(task, kind=ADLSGen1AccountLink):
    (button,) = [one for one in task.operator_extra_links if type(one) is kind]
    return button.get_link(task, ti_key=None)


def test_the_emulators_page(hook, emulator):
    """With an emulator it leads to the page that the emulator serves."""
    assert link(ADLSGen1PathSensor(task_id="wait", path="/raw")) == f"{emulator.url}/"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {},
            "https://portal.azure.com/#@{}rg-%28new%29/providers/Microsoft.DataLakeStore/accounts/mylake/overview",
        ),
        (
            {"container": "data", "cloud": "china"},
            "https://portal.azure.cn/#@{}rg-%28new%29/providers/Microsoft.Storage/storageAccounts/mylake/overview",
        ),
        ({"subscription_id": ""}, ""),
    ],
)
def test_the_portal(connect, fields, expected):
    """In a cloud it leads to the account in that cloud's portal, if the connection says enough for it."""
    connect(**{**IDS, **fields})
    assert link(ADLSGen1DeleteOperator(task_id="delete", path="/raw")) == expected.format(RESOURCE)


def test_the_report(connect):
    """The button of a transfer's report leads to the file in the portal, and on Gen1 to the account."""
    connect(**IDS, container="data")
    task = ADLSGen1TransferReportOperator(task_id="report", **REPORT)
    resource = f"/{RESOURCE.partition('/')[2]}rg-(new)/providers/Microsoft.Storage/storageAccounts/mylake"
    account = quote(resource.replace("/resource/", "/").replace("rg-(new)", "rg-%28new%29"), "")
    run = "scheduled__2026-11-29T00%253A00%253A00%2B00%253A00"
    assert link(task, ADLSGen1ReportLink) == (
        "https://portal.azure.com/#view/Microsoft_Azure_Storage/BlobPropertiesBladeV2/storageAccountId/"
        f"{account}/path/data%2F_state%2Fdaily%2F{run}%2Freport.html/isDeleted~/false/tabToload~/0"
    )
    connect(**IDS)
    assert link(task, ADLSGen1ReportLink) == link(task)
    unrendered = ADLSGen1TransferReportOperator(task_id="report", **REPORT | {"transfer_id": "{{ run_id }}"})
    assert link(unrendered, ADLSGen1ReportLink) == ""


def test_the_report_at_the_emulator(hook, emulator):
    """With an emulator the report's button leads to the emulator's page."""
    task = ADLSGen1TransferReportOperator(task_id="report", **REPORT)
    assert link(task, ADLSGen1ReportLink) == f"{emulator.url}/"


@pytest.mark.skipif(
    airflow.__version__ >= "3", reason="Airflow 3 asks for a button in the worker, after rendering"
)
def test_the_report_of_a_templated_id_in_airflow_2(airflow_home):
    """In Airflow 2, whose webserver has the templates alone, the button leads to the run's own report."""
    extra = {name: value for name, value in IDS.items() if name not in ("login", "password")}
    fields = {"conn_type": "adls_gen1", "login": IDS["login"], "password": IDS["password"]}
    connection = json.dumps({**fields, "extra": {**extra, "container": "data"}})
    environment = {
        "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).with_name("dags")),
        "AIRFLOW_CONN_ADLS_GEN1_DEFAULT": connection,
        "PYTHONPATH": str(Path(__file__).with_name("dags")),
    }
    # The task fails without a service, and has a button all the same.
    airflow_home.run("airflow", "dags", "test", "linked", **environment)
    _, said = airflow_home.run("linked", **environment)
    run, url = said.rpartition("LINK ")[2].splitlines()[0].split()
    assert f"/{quote(f'data/_state/linked/{possible_name(run)}/report.html', '')}/" in url


@pytest.mark.parametrize("kind", [ADLSGen1AccountLink, ADLSGen1ReportLink])
def test_every_button_is_registered(kind):
    """Airflow 2 shows no button whose class the provider info does not name."""
    assert f"{kind.__module__}.{kind.__name__}" in get_provider_info()["extra-links"]


def test_the_group_of_a_task(connect):
    """A task for an account leads to the account and the resource group that it names."""
    connect(**IDS)
    task = ADLSGen1DeleteAccountOperator(task_id="delete", account_name="other", resource_group="own")
    assert link(task).endswith("/own/providers/Microsoft.DataLakeStore/accounts/other/overview")


def test_a_missing_connection(monkeypatch):
    """Without a connection the button leads nowhere, and is not an error."""
    task = ADLSGen1DeleteOperator(task_id="delete", path="/raw", adls_gen1_conn_id="nowhere")
    assert link(task) == ""
