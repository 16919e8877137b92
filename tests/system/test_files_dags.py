"""The example DAGs of files and of rights: what each task did, seen from outside."""

from __future__ import annotations

import pytest

from scripts.leaks import search_for_secrets
from tests.system.test_example_dags import run

pytestmark = pytest.mark.airflow_stack

READER = "3f1d2c4b-0000-4000-8000-000000000001"


def results(stack, dag: str, tmp_path_factory):
    """Results of a DAG's tasks, by their ids, and the folder that it worked in."""
    run_id = run(stack, dag, tmp_path_factory.mktemp(dag))
    assert {task["state"] for task in stack.api.tasks(dag, run_id)} == {"success"}
    assert search_for_secrets(stack, dag, run_id).found == []
    # Operators that ask push each key of their result beside it.
    results = {
        xcom["task_id"]: xcom["value"]
        for xcom in stack.api.xcoms(dag, run_id)
        if xcom["key"] == "return_value"
    }
    return results, f"/{dag}/{run_id.replace(':', '.')}"


def test_files(stack, tmp_path_factory):
    """Each task of the files' example gave what its example promises, and nothing is left."""
    given, folder = results(stack, "adls_gen1_files", tmp_path_factory)

    content = "".join(f"{line}\n" for line in ("north,1", "north,2", "south,1", "south,2", "south,3"))
    numbered = len(content) + 2 * 5
    assert given["read"]["shops"] == ["north", "south"]
    assert given["whole"] == {"path": f"{folder}/whole.csv", "files": 2, "bytes": len(content)}
    assert given["descending"]["bytes_written"] == given["numbered"]["bytes_written"] == numbered
    names = ["descending", "numbered", "whole"]
    assert [entry["path"] for entry in given["listed"]] == [f"{folder}/{name}.csv" for name in names]
    assert given.get("status") is None
    assert (given["summary"]["directories"], given["summary"]["files"]) == (2, 4)
    assert (given["archive"]["moved"], given["archive"]["path"]) == (3, f"{folder}/archive")
    assert len(given["archive"]["paths"]) == 3
    assert given["preview"] == {
        "preview": True,
        "deleted": 3,
        "paths": [f"{folder}/archive/{name}.csv" for name in names],
    }
    assert given["delete"] == {"deleted": 3, "paths": given["preview"]["paths"]}
    assert len(given["deleted"]) == 3
    assert (given["restore"]["path"], given["restore"]["restored"]) == (
        f"{folder}/archive/descending.csv",
        True,
    )
    assert given["last_line"] == "1,north,1"
    assert given["clean_up"] == {"deleted": 1, "paths": [folder]}


def test_rights(stack, tmp_path_factory):
    """Each task of the rights' example changed what its example promises, and nothing is left."""
    given, folder = results(stack, "adls_gen1_rights", tmp_path_factory)

    all_of_it = {"directories": 2, "files": 3, "failed": 0, "failures": []}
    assert given["may_write"]["granted"] is True
    for task in ("permission", "owner", "let_in"):
        assert given[task] == all_of_it, task
    assert (given["set_acl"]["directories"], given["set_acl"]["files"]) == (1, 2)
    assert given["check"] == 3
    assert {f"user:{READER}:r-x", f"default:user:{READER}:r-x"} < set(given["get_acl"]["entries"])
    assert (given["let_out"]["files"], given["no_defaults"]["directories"]) == (2, 2)
    assert given["plain"]["preview"] is True
    assert (given["expire"]["files"], given["expire_at"]["files"], given["keep"]["files"]) == (3, 2, 1)
    expires = {entry["path"].removeprefix(f"{folder}/"): entry["expires"] for entry in given["found"]}
    never, fixed = None, "2050-01-01T00:00:00+00:00"
    assert expires == {"a.csv": never, "day/b.csv": fixed, "day/c.csv": fixed}
    assert {entry["group"] for entry in given["found"]} == {READER}
    assert f"user:{READER}:r-x" in given["entries"]
    assert not any(entry.startswith("default:") for entry in given["entries"])
    assert given["clean_up"] == {"deleted": 1, "paths": [folder]}
