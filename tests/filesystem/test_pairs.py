"""Names that look like globs: a path that exists is itself, and nothing else is read, moved or deleted."""

from __future__ import annotations

import pytest
from airflow.sdk import ObjectStoragePath

from airflow_provider_adls.model.errors import PathError

NAMES = ("data[1].csv", "what?.csv", "all*.csv")
#: What each of them matches as a glob.
OTHERS = {"data[1].csv": "data1.csv", "what?.csv": "whats.csv", "all*.csv": "all of it.csv"}


@pytest.fixture(params=NAMES)
def name(request, fs) -> str:
    """A name with a wildcard; the file that it matches as a glob is there too."""
    fs.pipe({f"/x/{request.param}": b"mine", f"/x/{OTHERS[request.param]}": b"theirs"})
    return request.param


def others_are_left(fs, name) -> bool:
    return fs.cat_file(f"/x/{OTHERS[name]}") == b"theirs"


@pytest.mark.parametrize("form", ["{}", "adl://{account}{}"])
def test_a_file_is_removed_by_its_name(fs, account, name, form):
    """A removal takes the file of the name, whichever form the path has."""
    fs.rm(form.format(f"/x/{name}", account=account))
    assert fs.ls("/x", detail=False) == [f"/x/{OTHERS[name]}"]


def test_a_list_is_removed_as_it_stands(fs, name):
    """A removal of what `find` gave, tried again, does not take the file that a name matches."""
    found = [path for path in fs.find("/x") if path.endswith(name)]
    fs.rm(found)
    with pytest.raises(FileNotFoundError):
        fs.rm(found)
    with pytest.raises(FileNotFoundError):
        fs.rm(found, recursive=True)
    with pytest.raises(FileNotFoundError):
        fs.mv(found, "/y/")
    assert others_are_left(fs, name)


def test_a_directory_is_removed_by_its_name(fs):
    """A recursive removal takes the directory of the name."""
    fs.pipe({"/x/d[1]/f": b"mine", "/x/d1/f": b"theirs"})
    fs.rm("/x/d[1]", recursive=True)
    assert fs.find("/x") == ["/x/d1/f"]
    fs.pipe({"/x/d[1]/f": b"mine"})
    fs.rm("/x/d[1]", recursive=True, maxdepth=1)
    assert fs.find("/x") == ["/x/d1/f"]


def test_a_glob_is_still_a_glob(fs, name):
    """A name that nothing has matches as a glob, in a list of files to read too."""
    fs.rm([f"/x/{name}"])
    assert fs.cat(f"/x/{name}") == {f"/x/{OTHERS[name]}": b"theirs"}
    assert fs.cat([f"/x/{name}"]) == {f"/x/{OTHERS[name]}": b"theirs"}
    fs.rm(f"/x/{name}")
    assert fs.find("/x") == []


def test_reading(fs, name):
    """What is read is the file of the name, alone or in a list."""
    assert fs.cat(f"/x/{name}") == b"mine"
    assert fs.cat([f"/x/{name}"]) == {f"/x/{name}": b"mine"}
    assert fs.glob(f"/x/{name}") == [f"/x/{name}"]
    assert list(fs.glob(f"/x/{name}", detail=True)) == [f"/x/{name}"]
    assert fs.expand_path(f"/x/{name}", recursive=True) == [f"/x/{name}"]


def test_moving(fs, name):
    """A move takes the file of the name, to just the destination."""
    fs.mv(f"/x/{name}", "/y/out.csv")
    assert fs.cat_file("/y/out.csv") == b"mine"
    assert others_are_left(fs, name)
    fs.mv("/y/out.csv", f"/x/{name}")
    fs.mkdir("/z")
    fs.mv(f"/x/{name}", "/z")
    assert fs.find("/z") == [f"/z/{name}"]


def test_copying(fs, name):
    """A copy is of the file of the name, and stands at just the destination."""
    fs.copy(f"/x/{name}", "/y/out.csv")
    assert fs.find("/y") == ["/y/out.csv"]
    assert fs.cat_file("/y/out.csv") == b"mine"
    fs.copy(f"/x/{name}", "/z/")
    assert fs.find("/z") == [f"/z/{name}"]
    with pytest.raises(ValueError, match="2 sources need as many"):
        fs.copy([f"/x/{name}", "/x/none"], ["/z/f"])


def test_copying_a_directory(fs):
    """A directory whose name looks like a glob is copied with what it holds."""
    fs.pipe({"/x/d[1]/f": b"mine", "/x/d1/g": b"theirs"})
    fs.copy("/x/d[1]", "/y", recursive=True)
    fs.copy("/x/d[1]", "/y", recursive=True)
    assert fs.find("/y") == ["/y/d[1]/f", "/y/f"]


def test_downloads(fs, name, tmp_path):
    """A download is of the file of the name, and stands at just the destination."""
    fs.get(f"/x/{name}", f"{tmp_path}/out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"mine"
    fs.get([f"/x/{name}"], [f"{tmp_path}/other.csv"])
    assert (tmp_path / "other.csv").read_bytes() == b"mine"


def test_uploads(fs, name, tmp_path):
    """An upload is of the file of the name, and stands at just the destination."""
    (tmp_path / name).write_bytes(b"mine")
    (tmp_path / OTHERS[name]).write_bytes(b"theirs")
    fs.put(tmp_path / name, "/up/out.csv")
    fs.put([tmp_path / name], ["/up/list.csv"])
    assert fs.cat("/up/out.csv") == fs.cat("/up/list.csv") == b"mine"
    fs.put(f"{tmp_path}/", "/tree/", recursive=True)
    assert len(fs.find("/tree")) == 2
    (tmp_path / name).unlink()
    fs.put(f"{tmp_path}/{name}", "/glob")
    assert fs.find("/glob") == [f"/glob/{OTHERS[name]}"]


def test_object_storage_paths(hook, account, name, tmp_path):
    """Airflow's paths unlink, rename, move and copy the file of the name."""
    fs = hook.filesystem
    fs.pipe({f"/x/{name}": b"mine", f"/x/{OTHERS[name]}": b"theirs"})
    base = ObjectStoragePath(f"adl://{hook.adls_gen1_conn_id}@{account}/x")
    path = base / name
    path.copy(base / "copy.csv")
    path.copy(ObjectStoragePath(f"file://{tmp_path}/here.csv"))
    assert (tmp_path / "here.csv").read_bytes() == (base / "copy.csv").read_bytes() == b"mine"
    renamed = path.rename(base / "renamed.csv")
    renamed.move(base / name)
    assert path.read_bytes() == b"mine"
    path.unlink()
    path.unlink(missing_ok=True)
    with pytest.raises(FileNotFoundError):
        path.unlink()
    assert sorted(fs.ls("/x", detail=False)) == sorted(["/x/copy.csv", f"/x/{OTHERS[name]}"])
    assert others_are_left(fs, name)


@pytest.mark.parametrize("impossible", ["/a:b", "/x/run__2026-11-29T00:00:00+00:00", "/a\0b", "/\ud800"])
def test_names_that_cannot_be(fs, hook, account, impossible):
    """Nothing exists at a name that no lake can hold, also for the hook and for Airflow's paths."""
    assert (fs.exists(impossible), fs.isfile(impossible), fs.isdir(impossible)) == (False,) * 3
    assert not hook.exists(impossible)
    assert not fs.exists(f"adl://{account}{impossible}")
    path = ObjectStoragePath(f"adl://{hook.adls_gen1_conn_id}@{account}{impossible}")
    assert (path.exists(), path.is_file(), path.is_dir()) == (False,) * 3


def test_a_name_that_no_lake_can_hold_is_found_first(fs, tmp_path):
    """A tree with such a name is refused before any of its files is copied."""
    for name in ("1.csv", "run__2026-11-29T00:00:00+00:00.csv"):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(PathError, match="00:00:00"):
        fs.put(f"{tmp_path}/", "/up/", recursive=True)
    fs.pipe("/in/f", b"x")
    with pytest.raises(PathError, match="a:b"):
        fs.copy("/in/f", "/out/a:b")
    assert fs.find("/") == ["/in/f"]
