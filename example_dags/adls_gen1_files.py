"""What a pipeline does with files of Azure Data Lake Storage Gen1, beside moving them to it and from it.

It runs wherever a connection `adls_gen1_default` leads to a Gen1 service, in a folder of its own, which it
deletes at its end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from airflow.providers.common.compat.sdk import chain, dag, task

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.operators.content import (
    ADLSGen1AppendToFileOperator,
    ADLSGen1ConcatenateOperator,
    ADLSGen1CreateFileOperator,
    ADLSGen1ReadFileOperator,
)
from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
    ADLSGen1MoveOperator,
)
from airflow_provider_adls.operators.status import (
    ADLSGen1ContentSummaryOperator,
    ADLSGen1GetStatusOperator,
)
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator
from airflow_provider_adls.operators.trash import ADLSGen1ListTrashOperator, ADLSGen1RestoreOperator

#: Names in the lake hold no colon, and ids of runs do.
FOLDER = "/adls_gen1_files/{{ run_id | replace(':', '.') }}"


# [START callable]
def number_lines(source: str, destination: str, first: int) -> None:
    """Write each line of a file behind its number; both are paths on the worker."""
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    numbered = (f"{number},{line}\n" for number, line in enumerate(lines, first))
    Path(destination).write_text("".join(numbered), encoding="utf-8")


# [END callable]


@dag(schedule=None, tags=["example", "adls_gen1"], doc_md=__doc__)
def adls_gen1_files():
    """Write, put together, transform, look, move, delete, restore, clean up."""
    # [START create_directory]
    folder = ADLSGen1CreateDirectoryOperator(task_id="folder", path=FOLDER, permission="750")
    # [END create_directory]

    # [START create_file]
    manifest = ADLSGen1CreateFileOperator(
        task_id="manifest",
        path=f"{FOLDER}/manifest.json",
        data={"run": "{{ run_id }}", "shops": ["north", "south"]},
        permission="640",
    )
    # [END create_file]

    # [START read]
    read = ADLSGen1ReadFileOperator(
        task_id="read", path=f"{FOLDER}/manifest.json", content_format="json", max_bytes=10_000
    )
    # [END read]

    # [START create_mapped]
    @task
    def orders(manifest: dict[str, Any]) -> list[dict[str, str]]:
        """What is written for each shop."""
        return [
            {"path": f"{FOLDER}/parts/{shop}.csv", "data": f"{shop},1\n{shop},2\n"}
            for shop in manifest["shops"]
        ]

    parts = ADLSGen1CreateFileOperator.partial(task_id="parts").expand_kwargs(orders(read.output))
    # [END create_mapped]

    # [START append]
    append = ADLSGen1AppendToFileOperator(
        task_id="append", path=f"{FOLDER}/parts/south.csv", data="south,3\n"
    )
    # [END append]

    # [START concatenate]
    whole = ADLSGen1ConcatenateOperator(
        task_id="whole", source_path=f"{FOLDER}/parts/*.csv", destination_path=f"{FOLDER}/whole.csv"
    )
    # [END concatenate]

    # [START transform]
    numbered = ADLSGen1FileTransformOperator(
        task_id="numbered",
        source_path=f"{FOLDER}/whole.csv",
        destination_path=f"{FOLDER}/numbered.csv",
        python_callable=number_lines,
        op_kwargs={"first": 1},
    )
    descending = ADLSGen1FileTransformOperator(
        task_id="descending",
        source_path=f"{FOLDER}/numbered.csv",
        destination_path=f"{FOLDER}/descending.csv",
        # A program gets the two paths behind its own arguments; $0 and $1 of this one's.
        transform_script=["sh", "-c", 'sort --numeric-sort --reverse "$0" > "$1"'],
    )
    # [END transform]

    # [START look]
    listed = ADLSGen1ListOperator(task_id="listed", path=f"{FOLDER}/**/*.csv", detail=True, limit=100)
    status = ADLSGen1GetStatusOperator(task_id="status", path=f"{FOLDER}/late.csv", ignore_if_missing=True)
    summary = ADLSGen1ContentSummaryOperator(task_id="summary", path=FOLDER)
    # [END look]

    # [START move]
    archive = ADLSGen1MoveOperator(
        task_id="archive", source_path=f"{FOLDER}/*.csv", destination_path=f"{FOLDER}/archive/"
    )
    # [END move]

    # [START delete]
    preview = ADLSGen1DeleteOperator(task_id="preview", path=f"{FOLDER}/archive/*", preview=True)
    delete = ADLSGen1DeleteOperator(task_id="delete", path=f"{FOLDER}/archive/*")
    # [END delete]

    # [START retain]
    retain = ADLSGen1DeleteOperator(task_id="retain", path=FOLDER, recursive=True, older_than="P30D")
    # [END retain]

    # [START restore]
    deleted = ADLSGen1ListTrashOperator(task_id="deleted", path=f"{FOLDER}/archive")
    restore = ADLSGen1RestoreOperator(task_id="restore", path=f"{FOLDER}/archive/descending.csv")
    # [END restore]

    # [START hook]
    @task
    def last_line(restored: dict[str, Any]) -> str:
        """The same by the hook, in a task of one's own."""
        hook = ADLSGen1Hook()
        path = hook.move_paths(restored["path"], f"{restored['path']}.back")["path"]
        return str(hook.read_file(path).splitlines()[-1])

    # [END hook]

    clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=FOLDER, recursive=True)
    checked = last_line(restore.output)
    chain(folder, manifest, read)
    chain(parts, append, whole, numbered, descending, [listed, status, summary], archive)
    chain(archive, preview, delete, retain, deleted, restore)
    chain(checked, clean_up.as_teardown(setups=folder))


adls_gen1_files()
