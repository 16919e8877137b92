"""Paths that look like patterns: what exists is taken for itself, by every operator and sensor."""

from __future__ import annotations

import pytest

from airflow_provider_adls.operators.content import ADLSGen1ConcatenateOperator, ADLSGen1ReadFileOperator
from airflow_provider_adls.operators.expiry import ADLSGen1SetExpiryOperator
from airflow_provider_adls.operators.files import (
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
    ADLSGen1MoveOperator,
)
from airflow_provider_adls.operators.rights import ADLSGen1SetPermissionOperator
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator
from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor, ADLSGen1UnchangedSensor
from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

#: A path, and another one that it would match as a pattern.
PATH, OTHER = "/in/data[1] 100% #é.csv", "/in/data1 100% #é.csv"


@pytest.fixture
def lake(hook):
    """The file, and the other one."""
    hook.filesystem.pipe({PATH: b"right", OTHER: b"wrong"})
    return hook.filesystem


def execute(operator, **arguments):
    return operator(task_id="task", **arguments).execute({})


@pytest.mark.parametrize(
    "operator", [ADLSGen1MoveOperator, ADLSGen1CopyOperator, ADLSGen1ConcatenateOperator]
)
def test_from_a_path(lake, operator):
    """The file itself is moved, copied or concatenated."""
    execute(operator, source_path=PATH, destination_path="/out.csv")
    assert lake.cat("/out.csv") == b"right"
    assert lake.cat(OTHER) == b"wrong"


def test_to_and_from_this_machine(lake, tmp_path):
    """The file itself is downloaded, uploaded and transformed, on this machine too."""
    execute(ADLSGen1ToLocalOperator, remote_path=PATH, local_path=str(tmp_path / "data[1].csv"))
    (tmp_path / "data1.csv").write_bytes(b"wrong")
    execute(LocalToADLSGen1Operator, local_path=str(tmp_path / "data[1].csv"), remote_path="/up.csv")
    execute(
        ADLSGen1FileTransformOperator, source_path=PATH, destination_path="/made.csv", transform_script="cp"
    )
    assert lake.cat(["/up.csv", "/made.csv"]) == {"/up.csv": b"right", "/made.csv": b"right"}


def test_what_is_set_and_deleted(lake):
    """Permission, expiry and deletion are the file's own."""
    execute(ADLSGen1SetPermissionOperator, path=PATH, permission="600")
    execute(ADLSGen1SetExpiryOperator, path=PATH, expires_in=1000)
    assert [lake.info(path)["permission"] == "600" for path in (PATH, OTHER)] == [True, False]
    assert execute(ADLSGen1ReadFileOperator, path=PATH) == "right"
    execute(ADLSGen1DeleteOperator, path=PATH)
    assert lake.find("/in") == [OTHER]


def test_what_is_found(lake):
    """The file itself is listed, and waited for."""
    assert execute(ADLSGen1ListOperator, path=PATH) == [PATH]
    for sensor, arguments in ((ADLSGen1PathSensor, {}), (ADLSGen1UnchangedSensor, {"inactivity_period": 0})):
        assert execute(sensor, path=PATH, timeout=0, poke_interval=0, **arguments) == [PATH]
