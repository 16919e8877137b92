"""Trees made like others: a folder of this machine in a lake, and that in another store.

It makes its files itself, and its other store is a folder of this machine, so it runs wherever a connection
`adls_gen1_default` leads to a Gen1 service. What it made in the lake, it deletes.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from airflow.providers.common.compat.sdk import Param, chain, dag, task

from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator
from airflow_provider_adls.operators.sync import ADLSGen1SyncOperator

#: Names in the lake hold no colon, and ids of runs do.
LAKE = "/sync/{{ run_id | replace(':', '.') }}"
FOLDER = "{{ params.working_folder }}"


@task
def make_files(params) -> None:
    """Write a tree."""
    folder = Path(params["working_folder"])
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("kept.csv", "changed.csv", "a/removed.csv", "a/scratch.tmp"):
        path = folder / "made" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


@task
def change_files(params) -> None:
    """Change one file, remove one, and add one."""
    folder = Path(params["working_folder"], "made")
    (folder / "changed.csv").write_text("changed, and longer", encoding="utf-8")
    (folder / "a" / "removed.csv").unlink()
    (folder / "new.csv").write_text("new", encoding="utf-8")


@task
def compare(preview: dict, second: dict, params) -> list[str]:
    """Fail unless the preview listed what was done, and the mirror holds what was made; return its files."""
    counts = {key: second[key] for key in ("files", "deleted", "skipped")}
    if counts != {"files": 2, "deleted": 1, "skipped": 1} or counts != {key: preview[key] for key in counts}:
        raise ValueError(f"one file was changed, one new, one gone, and one kept, and not {second}")
    folder = Path(params["working_folder"])
    mirror = {path.relative_to(folder / "mirror"): path for path in (folder / "mirror").rglob("*.csv")}
    for place, path in mirror.items():
        if path.read_bytes() != (folder / "made" / place).read_bytes():
            raise ValueError(f"{place} is another in the mirror")
    return sorted(map(str, mirror))


@dag(
    schedule=None,
    tags=["example", "adls_gen1"],
    params={"working_folder": Param(f"{tempfile.gettempdir()}/adls_gen1_sync", type="string")},
    doc_md=__doc__,
)
def adls_gen1_sync():
    """Make the lake like the folder, change the folder, and do it again; then mirror the lake."""
    arguments = {
        "source_path": f"file://{FOLDER}/made",
        "destination_path": f"{LAKE}/copy",
        "exclude": ["*.tmp"],
    }
    first = ADLSGen1SyncOperator(task_id="first", **arguments)

    # [START preview]
    preview = ADLSGen1SyncOperator(task_id="preview", delete=True, preview=True, **arguments)
    # [END preview]

    # [START sync]
    second = ADLSGen1SyncOperator(
        task_id="second",
        source_path=f"file://{FOLDER}/made",
        destination_path=f"{LAKE}/copy",
        exclude=["*.tmp"],
        delete=True,
    )
    # [END sync]

    # [START mirror]
    mirror = ADLSGen1SyncOperator(
        task_id="mirror",
        source_path=f"{LAKE}/copy",
        destination_path=f"file://{FOLDER}/mirror",
        compare="checksum",
    )
    # [END mirror]

    made = make_files()
    clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=LAKE, recursive=True)
    compared = compare(preview.output, second.output)
    chain(made, first, change_files(), preview, second, mirror, compared)
    compared >> clean_up.as_teardown(setups=made)


adls_gen1_sync()
