"""Files on their way: into a lake, inside it, to another store, back, and to this machine again.

It makes its files itself, and its other store is a folder of this machine, so it runs wherever a connection
`adls_gen1_default` leads to a Gen1 service. Give it an `s3://` or `gs://` URL as `store`, with the id of a
connection before an `@`, and it goes there. What it made in the lake, it deletes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from airflow.providers.common.compat.sdk import Param, chain, dag, task

from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator, ADLSGen1ListOperator
from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.adls_gen1_to_object_storage import ADLSGen1ToObjectStorageOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator
from airflow_provider_adls.transfers.object_storage_to_adls_gen1 import ObjectStorageToADLSGen1Operator

#: Names in the lake hold no colon, and ids of runs do.
LAKE = "/transfers/{{ run_id | replace(':', '.') }}"
FOLDER = "{{ params.working_folder }}"
STORE = "{{ params.store }}"
#: Bytes of the files, of which the last is moved in parts at the same time.
SIZES = {"empty.csv": 0, "2026/01/day 1.csv": 1000, "2026/01/100% ä.csv": 5000, "2026/big.bin": 40 * 2**20}


@task
def make_files(params) -> int:
    """Write the files, and return how many bytes they have."""
    for name, size in SIZES.items():
        path = Path(params["working_folder"], "made", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((name.encode() * (size // len(name.encode()) + 1))[:size])
    return sum(SIZES.values())


@task
def compare(made: int, summaries: list[dict], params) -> None:
    """Fail unless every byte came back as it was made, and every summary says so."""
    for summary in summaries:
        if (summary["files"], summary["bytes"], summary["failed"]) != (len(SIZES), made, 0):
            raise ValueError(f"{len(SIZES)} files of {made} bytes were on their way, and not {summary}")
    for name in SIZES:
        one, other = (Path(params["working_folder"], side, name) for side in ("made", "back"))
        if one.read_bytes() != other.read_bytes():
            raise ValueError(f"{name} came back as another")


@dag(
    schedule=None,
    tags=["example", "adls_gen1"],
    params={
        "working_folder": Param(f"{tempfile.gettempdir()}/adls_gen1_transfers", type="string"),
        "store": Param(f"file://{tempfile.gettempdir()}/adls_gen1_transfers/store", type="string"),
    },
    doc_md=__doc__,
)
def adls_gen1_transfers():
    """Upload, copy, hand on, fetch, download, compare; and delete."""
    # [START upload]
    upload = LocalToADLSGen1Operator(
        task_id="upload",
        local_path=f"{FOLDER}/made",
        remote_path=f"{LAKE}/raw",
    )
    # [END upload]

    # [START copy]
    copy = ADLSGen1CopyOperator(
        task_id="copy",
        source_path=f"{LAKE}/raw",
        destination_path=f"{LAKE}/archive",
        overwrite=False,
        if_exists="skip",
    )
    # [END copy]

    # [START to_store]
    to_store = ADLSGen1ToObjectStorageOperator(
        task_id="to_store",
        remote_path=f"{LAKE}/raw",
        destination_path=STORE,
    )
    # [END to_store]

    # [START from_store]
    from_store = ObjectStorageToADLSGen1Operator(
        task_id="from_store",
        source_path=STORE,
        remote_path=f"{LAKE}/fetched",
        delete_source=True,
    )
    # [END from_store]

    # [START preview]
    preview = ADLSGen1ToLocalOperator(
        task_id="preview",
        remote_path=f"{LAKE}/fetched",
        local_path=f"{FOLDER}/back",
        preview=True,
    )
    # [END preview]

    # [START download]
    download = ADLSGen1ToLocalOperator(
        task_id="download",
        remote_path=f"{LAKE}/fetched",
        local_path=f"{FOLDER}/back",
    )
    # [END download]

    # [START mapped]
    days = ADLSGen1CopyOperator.partial(task_id="days", destination_path=f"{LAKE}/days/").expand(
        source_path=[f"{LAKE}/raw/2026/01/day 1.csv", f"{LAKE}/raw/empty.csv"]
    )
    # [END mapped]

    # [START listed]
    listed = ADLSGen1ListOperator(task_id="listed", path=f"{LAKE}/raw/2026/01")
    take = ADLSGen1CopyOperator(task_id="take", source_path=listed.output, destination_path=f"{LAKE}/taken")
    # [END listed]

    # [START interval]
    since = ADLSGen1CopyOperator(
        task_id="since",
        source_path=f"{LAKE}/raw",
        destination_path=f"{LAKE}/new",
        modified_after="{{ dag_run.start_date }}",
    )
    # [END interval]

    # [START compress]
    packed = ADLSGen1CopyOperator(
        task_id="packed", source_path=f"{LAKE}/raw", destination_path=f"{LAKE}/packed", compression="gzip"
    )
    unpacked = ADLSGen1CopyOperator(
        task_id="unpacked",
        source_path=f"{LAKE}/packed",
        destination_path=f"{LAKE}/unpacked",
        compression="decompress",
    )
    # [END compress]

    # [START keep]
    kept = ADLSGen1CopyOperator(
        task_id="kept",
        source_path=f"{LAKE}/raw",
        destination_path=f"{LAKE}/kept",
        keep=["permission", "owner", "expiry"],
    )
    # [END keep]

    made = make_files()
    summaries = [
        upload.output,
        copy.output,
        unpacked.output,
        kept.output,
        to_store.output,
        from_store.output,
        download.output,
    ]
    clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=LAKE, recursive=True)
    chain(made, upload, [copy, days, listed, since, packed, kept], to_store, from_store, preview, download)
    take >> to_store
    packed >> unpacked >> to_store
    compare(made, summaries) >> clean_up.as_teardown(setups=made)


adls_gen1_transfers()
