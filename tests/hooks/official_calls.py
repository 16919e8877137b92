"""Calls that both hooks are given, in a process of its own: `official_calls.py CLASS FOLDER`.

Prints one JSON object: what each call returned or raised, and what was in the lake and here afterwards.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from pathlib import Path

METHODS = ("check_for_file", "upload_file", "download_file", "list", "remove")


def prepare(folder: Path) -> None:
    """Files to upload: a tree with an empty file and an empty directory, and odd names."""
    for name, content in {
        "one.csv": b"1\n",
        "tree/2.csv": b"2\n" * 3_000_000,
        "tree/sub/ä #1+%.csv": b"3\n",
        "tree/sub/empty": b"",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "back").mkdir()
    (folder / "tree" / "hollow").mkdir()


def calls(folder: Path):
    """Name, method, arguments."""
    here, back = str(folder), str(folder / "back")
    yield "upload a file", "upload_file", (f"{here}/one.csv", "/raw/one.csv"), {}
    yield "upload onto a file", "upload_file", (f"{here}/one.csv", "/raw/one.csv/below"), {}
    yield "upload a tree", "upload_file", (f"{here}/tree", "raw/tree"), {"nthreads": 4}
    yield "upload a glob", "upload_file", (f"{here}/*.csv", "raw/globbed"), {}
    yield "upload into a directory", "upload_file", (f"{here}/one.csv", "raw/globbed"), {}
    yield "upload again", "upload_file", (f"{here}/one.csv", "/raw/one.csv"), {}
    yield "upload unasked", "upload_file", (f"{here}/one.csv", "/raw/one.csv"), {"overwrite": False}
    yield "upload nothing", "upload_file", (f"{here}/nothing", "/raw/nothing"), {}
    yield "check a file", "check_for_file", ("/raw/one.csv",), {}
    yield "check a file without slash", "check_for_file", ("raw/tree/sub/ä #1+%.csv",), {}
    yield "check nothing", "check_for_file", ("/raw/nothing",), {}
    yield "check below nothing", "check_for_file", ("/nothing/nothing",), {}
    yield "check a directory", "check_for_file", ("/raw/tree/sub",), {}
    yield "check an empty directory", "check_for_file", ("/raw/tree/hollow",), {}
    yield "check a glob of one", "check_for_file", ("/raw/*.csv",), {}
    yield "check a glob of none", "check_for_file", ("/raw/*.txt",), {}
    yield "list a directory", "list", ("/raw",), {}
    yield "list without slash", "list", ("raw/tree",), {}
    yield "list with slash at the end", "list", ("/raw/tree/",), {}
    yield "list the root", "list", ("/",), {}
    yield "list a file", "list", ("/raw/one.csv",), {}
    yield "list an empty directory", "list", ("/raw/tree/hollow",), {}
    yield "list a glob", "list", ("/raw/*/*.csv",), {}
    yield "list a glob of directories", "list", ("/raw/tr*",), {}
    yield "list a glob of none", "list", ("/raw/*.txt",), {}
    yield "list a glob below nothing", "list", ("/nothing/*",), {}
    yield "list nothing", "list", ("/nothing",), {}
    yield "download a file", "download_file", (f"{back}/file.csv", "/raw/one.csv"), {}
    yield "download into a directory", "download_file", (back, "/raw/one.csv"), {}
    yield "download a tree", "download_file", (f"{back}/tree", "/raw/tree"), {"nthreads": 4}
    yield "download a glob", "download_file", (f"{back}/globbed", "/raw/*/*.csv"), {}
    yield "download unasked", "download_file", (f"{back}/file.csv", "/raw/one.csv"), {"overwrite": False}
    yield "download nothing", "download_file", (f"{back}/nothing", "/raw/nothing"), {}
    yield "download an empty directory", "download_file", (f"{back}/hollow", "/raw/tree/hollow"), {}
    yield "remove a full directory", "remove", ("/raw/tree",), {}
    yield "remove an empty directory", "remove", ("/raw/tree/hollow",), {}
    yield "remove a file", "remove", ("raw/one.csv",), {}
    yield "remove it again", "remove", ("raw/one.csv",), {}
    yield "remove it loudly", "remove", ("raw/one.csv",), {"ignore_not_found": False}
    yield "remove a tree", "remove", ("/raw/tree",), {"recursive": True}
    yield "list what is left", "list", ("/",), {}


def bugs(folder: Path):
    """Calls that are known to end otherwise with the official hook."""
    here = str(folder)
    yield "upload", "upload_file", (f"{here}/one.csv", "a/a/1.csv"), {}
    yield "a directory of one file", "check_for_file", ("a/a",), {}
    yield "a glob from its end", "list", ("a/*.csv",), {}
    yield "upload a file like a glob", "upload_file", (f"{here}/one.csv", "b/1[2].csv"), {}
    yield "upload another", "upload_file", (f"{here}/one.csv", "b/2.csv"), {}
    yield "a glob of several", "check_for_file", ("b/*.csv",), {}
    yield "upload an empty directory", "upload_file", (f"{here}/tree", "c"), {}
    yield "list it", "list", ("c",), {}
    yield "upload after a listing", "upload_file", (f"{here}/one.csv", "d/1.csv"), {}


def outcome(hook, method: str, arguments: tuple, options: dict, folder: Path):
    """What a call returned, or the class and text of what it raised."""
    try:
        return getattr(hook, method)(*arguments, **options)
    except Exception as error:  # noqa: BLE001 - what it is is the result
        return [type(error).__name__, str(error).replace(str(folder), "")]


def answers(hook_class, folder: Path) -> dict:
    """What a hook answers to everything.

    :param folder: takes the files; must be there, and empty.
    """
    prepare(folder)
    hook = hook_class(azure_data_lake_conn_id="azure_data_lake_default")
    said = {
        "signatures": {
            name: [
                [parameter.name, parameter.kind.name, repr(parameter.default)]
                for parameter in inspect.signature(getattr(hook_class, name)).parameters.values()
            ]
            for name in METHODS
        },
        "calls": {call[0]: outcome(hook, *call[1:], folder) for call in calls(folder)},
        "files": {
            str(path.relative_to(folder)): path.stat().st_size if path.is_file() else None
            for path in sorted((folder / "back").rglob("*"))
        },
        "get_conn": [
            base.__module__ for base in type(hook.get_conn()).__mro__ if base.__name__ == "AzureDLFileSystem"
        ],
    }
    hook = hook_class(azure_data_lake_conn_id="azure_data_lake_default")
    said["bugs"] = {call[0]: outcome(hook, *call[1:], folder) for call in bugs(folder)}
    return said


def main() -> None:
    """Make the calls, and print what came of them."""
    module, _, name = sys.argv[1].rpartition(".")
    print(json.dumps(answers(getattr(importlib.import_module(module), name), Path(sys.argv[2]))))


if __name__ == "__main__":
    main()
