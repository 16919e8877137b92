"""A tree copied, and kept like its source, by many tasks that share the work.

It makes its files itself, so it runs wherever a connection `adls_gen1_default` leads to a Gen1 service. What
it made in the lake, it deletes.
"""

from __future__ import annotations

from airflow.providers.common.compat.sdk import Param, chain, dag, task

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator
from airflow_provider_adls.transfers.distributed import adls_gen1_transfer

#: Names in the lake hold no colon, and ids of runs do.
LAKE = "/distributed/{{ run_id | replace(':', '.') }}"
#: Of a shard, so that a small tree makes several; a real one has 50,000.
SHARD_FILES = 10


@task
def make_files(lake: str, params=None) -> None:
    """Write a tree."""
    hook = ADLSGen1Hook()
    for number in range(params["files"]):
        hook.write_file(f"{lake}/raw/day={number % 3}/{number:05d}.csv", f"row {number}\n")
    hook.set_permission(f"{lake}/raw/day=0/00000.csv", "440")
    hook.set_permission(f"{lake}/raw/day=2", "750")


@task
def change_files(lake: str) -> None:
    """Add a file, change one, and remove one."""
    hook = ADLSGen1Hook()
    hook.write_file(f"{lake}/raw/day=0/new.csv", "new\n")
    hook.write_file(f"{lake}/raw/day=0/00000.csv", "changed, and longer\n")
    hook.filesystem.rm_file(f"{lake}/raw/day=1/00001.csv")


@task
def compare(lake: str, report: dict) -> list[int]:
    """Fail unless both trees hold the same files; return the numbers of copied and deleted ones."""
    filesystem = ADLSGen1Hook().filesystem

    def content(root: str) -> dict[str, bytes]:
        return {path[len(root) :]: filesystem.cat_file(path) for path in filesystem.find(root)}

    def permissions(root: str) -> dict[str, str]:
        found = filesystem.find(root, withdirs=True, detail=True)
        return {path[len(root) :]: one["permission"] for path, one in found.items()}

    if content(f"{lake}/raw") != content(f"{lake}/copy"):
        raise ValueError("the copy differs from its source")
    if permissions(f"{lake}/raw") != permissions(f"{lake}/copy"):
        raise ValueError("the copy has other permissions than its source")
    return [report["files"], report["deleted"]]


@dag(
    schedule=None,
    tags=["example", "adls_gen1"],
    params={"files": Param(30, type="integer", minimum=3)},
    doc_md=__doc__,
)
def adls_gen1_distributed():
    """Copy a tree, change it, and make the copy like it."""
    # [START copy]
    copy = adls_gen1_transfer(
        "copy",
        source_path=f"{LAKE}/raw",
        destination_path=f"{LAKE}/copy",
        state_path=f"{LAKE}/transfers",
        transfer_id="copy",
        shard_files=SHARD_FILES,
        max_active_tis_per_dag=4,
    )
    # [END copy]

    # [START sync]
    sync = adls_gen1_transfer(
        "sync",
        source_path=f"{LAKE}/raw",
        destination_path=f"{LAKE}/copy",
        mode="sync",
        delete=True,
        max_deletes=0.1,
        keep=["permission", "expiry"],
        state_path=f"{LAKE}/transfers",
        transfer_id="sync",
        shard_files=SHARD_FILES,
        max_active_tis_per_dag=4,
    )
    # [END sync]

    made = make_files(LAKE)
    compared = compare(LAKE, sync.get_child_by_label("report").output)
    clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=LAKE, recursive=True)
    chain(made, copy, change_files(LAKE), sync, compared)
    compared >> clean_up.as_teardown(setups=made)


adls_gen1_distributed()
