"""Lists of sources: each path literally, below the destination by its name, nothing before all is clear."""

import pytest

from airflow_provider_adls.model.errors import PathError

FILES = ("/in/a[1].csv", "/in/a1.csv", "/in/b c%20#.csv", "/in/d/x.csv", "/in/d/e/y.csv", "/other/b.csv")


@pytest.fixture
def tree(hook):
    """Six files, some with names that look like patterns, and an empty directory."""
    for name in FILES:
        hook.write_file(name, name)
    hook.make_directory("/in/d/empty")
    return hook


def everything(hook):
    return sorted(hook.filesystem.find("/", withdirs=True))


def test_copy(tree):
    """Files and directories of a list keep their names, once each, as a preview says."""
    listed = ["/in/a[1].csv", "/in/b c%20#.csv", "/in/d/", "/in/d/x.csv", "/in/a[1].csv"]
    before = everything(tree)
    seen = tree.copy(listed, "/out", preview=True)
    assert everything(tree) == before
    done = tree.copy(listed, "/out")
    names = ["a[1].csv", "b c%20#.csv", "d/e/y.csv", "d/x.csv"]
    assert (sorted(done["paths"]), done["path"]) == ([f"/out/{name}" for name in names], "/out")
    assert sorted(seen["paths"]) == sorted(done["paths"])
    assert tree.read_file("/out/a[1].csv") == "/in/a[1].csv"
    assert tree.exists("/out/d/empty")
    # Once more is the same.
    assert tree.copy(listed, "/out/")["files"] == 4
    assert tree.copy(listed, "/out", overwrite=False, if_exists="skip")["skipped"] == 4
    with pytest.raises(FileExistsError, match=r"and 3 more\) exists and may not be overwritten"):
        tree.copy(listed, "/out", overwrite=False)


def test_flat(tree):
    """All files of a list go into one directory where the structure is not kept."""
    done = tree.copy(["/in/d", "/other"], "/out", keep_directory_structure=False)
    assert sorted(done["paths"]) == ["/out/b.csv", "/out/x.csv", "/out/y.csv"]
    assert tree.copy(["/in/d/x.csv"], "/out/new")["path"] == "/out/new/x.csv"


@pytest.mark.parametrize(
    ("listed", "error", "match"),
    [
        (["/in/a1.csv", "/gone/1.csv", "/gone/2.csv"], FileNotFoundError, r"/gone/1.csv \(and at 1 more\)"),
        (["/in/a?.csv"], FileNotFoundError, r"nothing is at /in/a\?.csv"),
        ([], FileNotFoundError, "the list of paths is empty"),
        (
            ["/in/d/x.csv", "/other/b.csv", "/twice/x.csv"],
            ValueError,
            "/in/d/x.csv and /twice/x.csv would both",
        ),
        (["/in/d", "/twice/d"], ValueError, "/in/d and /twice/d would both become /in/d/out/d; nothing was"),
        (["/other/b.csv", "/in/d"], ValueError, "/in/d is to be copied into itself"),
        (["/", "/other/b.csv"], ValueError, "a root has no name"),
    ],
)
def test_nothing_is_written_before_all_is_clear(tree, listed, error, match):
    """A missing path, two of one name, a directory into itself and an empty list are refused by name."""
    tree.write_file("/twice/x.csv", "x")
    tree.write_file("/twice/d/z.csv", "z")
    before = everything(tree)
    with pytest.raises(error, match=match):
        tree.copy(listed, "/in/d/out")
    assert everything(tree) == before


def test_missing_paths_are_ignored(tree):
    """Missing paths and an empty list are passed over where that is asked for."""
    assert tree.copy(["/in/a1.csv", "/gone"], "/out", ignore_if_missing=True)["files"] == 1
    assert tree.copy([], "/out", ignore_if_missing=True)["files"] == 0


def test_move_goes_on(tree):
    """With `delete_source` a retry passes over what an earlier try has moved; emptied directories go."""
    listed = ["/in/a1.csv", "/in/d"]
    tree.copy(["/in/a1.csv"], "/out", delete_source=True)
    done = tree.copy(listed, "/out", delete_source=True)
    assert (done["files"], done["deleted"]) == (2, 2)
    left = tree.list_paths("/in", recursive=True, include_directories=True)
    assert left == ["/in/a[1].csv", "/in/b c%20#.csv", "/in/d", "/in/d/empty"]
    with pytest.raises(FileNotFoundError, match=r"nothing is at /never\.csv; nothing was copied"):
        tree.copy([*listed, "/never.csv"], "/out", delete_source=True)


def test_both_ways_and_other_stores(tree, tmp_path):
    """Lists are downloaded, uploaded, and go to another store and back."""
    import fsspec

    listed = ["/in/a[1].csv", "/in/d"]
    assert tree.download(listed, tmp_path / "down")["files"] == 3
    assert (tmp_path / "down/d/e/y.csv").read_text() == "/in/d/e/y.csv"
    local = [tmp_path / "down/a[1].csv", str(tmp_path / "down/d")]
    assert sorted(tree.upload(local, "/up")["paths"]) == ["/up/a[1].csv", "/up/d/e/y.csv", "/up/d/x.csv"]
    tree.export_objects(listed, "memory://lists/out")
    urls = ["memory://lists/out/a[1].csv", "memory://lists/out/d"]
    done = tree.import_objects(urls, "/back")
    assert sorted(done["paths"]) == ["/back/a[1].csv", "/back/d/e/y.csv", "/back/d/x.csv"]
    fsspec.filesystem("memory").rm("/lists", recursive=True)


def test_linked_directories(tree, tmp_path):
    """Nothing behind a link of a listed folder is deleted."""
    (tmp_path / "behind").mkdir()
    (tmp_path / "behind/f").write_text("f")
    (tmp_path / "listed").mkdir()
    (tmp_path / "listed/link").symlink_to(tmp_path / "behind")
    with pytest.raises(ValueError, match="link is a link, and nothing behind a link is deleted"):
        tree.upload([tmp_path / "listed"], "/up", delete_source=True)
    assert (tmp_path / "behind/f").exists()
    assert not tree.exists("/up")


def test_one_account(tree, other_account, account, container):
    """The paths of a list may be URLs of one account, and of no other."""

    def url(account):
        lake = f"abfss://{container}@{account}.dfs.core.windows.net" if container else f"adl://{account}"
        return f"{lake}/other/b.csv"

    assert tree.copy(["/in/a1.csv", url(account)], "/out")["files"] == 2
    with pytest.raises(PathError, match="are not in one account or store: make a task for each"):
        tree.copy(["/in/a1.csv", url(other_account)], "/out")


def test_by_time(tree, later):
    """A time chooses among the paths of a list."""
    cut = later()
    tree.write_file("/in/new.csv", "new")
    listed = [*FILES[:3], "/in/new.csv"]
    assert tree.copy(listed, "/out", modified_after=cut)["paths"] == ["/out/new.csv"]
    with pytest.raises(FileNotFoundError, match=r"nothing at 4 listed paths \(first /in/a"):
        tree.copy(listed, "/out", modified_before="2001-01-01")


def test_many(hook, tmp_path):
    """What a listing returns is taken as it is."""
    for number in range(40):
        (tmp_path / f"{number:03}").write_bytes(b"x")
    hook.upload(tmp_path, "/many")
    listed = hook.list_paths("/many")
    assert hook.copy(listed, "/out", preview=True)["files"] == 40
    assert hook.download(listed, tmp_path / "down")["files"] == 40


@pytest.mark.parametrize("preview", [False, True])
def test_sync_of_a_list(tree, preview):
    """A sync looks at the listed paths alone, literally, and deletes what only the target has of them."""
    tree.write_file("/copy/d/extra.csv", "extra")
    tree.write_file("/copy/other.csv", "other")
    included = ["/in/a[1].csv", "/in/d"]
    done = tree.sync("/in", "/copy", include=included, delete=True, preview=preview)
    assert sorted(done["paths"]) == ["/copy/a[1].csv", "/copy/d/e/y.csv", "/copy/d/x.csv"]
    assert done["deleted_paths"] == ["/copy/d/extra.csv"]
    assert tree.exists("/copy/other.csv")
    with pytest.raises(PathError, match=r"include has /other/b\.csv, which is not below /in"):
        tree.sync("/in", "/copy", include=["/in/a1.csv", "/other/b.csv"])
