"""Arguments of the transfers."""

from pathlib import Path

from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

RIGHT = {
    LocalToADLSGen1Operator: {"local_path": "/data", "remote_path": "/raw"},
    ADLSGen1ToLocalOperator: {"local_path": Path("/data"), "remote_path": "/raw"},
}
WRONG = {"local_path": ("", 5, ["/data"]), "remote_path": ("raw", "", 5, ["/raw"])}
RENDERED: dict[str, object] = {}
