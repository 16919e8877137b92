"""Moves through the hook."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from airflow_provider_adls.lake.hidden import unfinished_name
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError, ServiceError
from airflow_provider_adls.transfer import move

FILES = ("/t/1.csv", "/t/2.csv", "/t/2.txt", "/t/a/1.csv", "/u.csv")


@pytest.fixture
def tree(hook):
    """Five files in directories."""
    for name in FILES:
        hook.filesystem.pipe(name, name.encode())
    return hook


def moved(result):
    return result["moved"], result["path"]


def everything(hook):
    return sorted(hook.filesystem.find("/"))


@pytest.mark.parametrize(
    ("source", "destination", "result", "moved"),
    [
        ("/u.csv", "/v.csv", {"moved": 1, "path": "/v.csv"}, {"/u.csv": "/v.csv"}),
        ("/u.csv", "/new/", {"moved": 1, "path": "/new/u.csv"}, {"/u.csv": "/new/u.csv"}),
        ("/t/a", "/", {"moved": 1, "path": "/a"}, {"/t/a/1.csv": "/a/1.csv"}),
        ("/t/a", "/x/y", {"moved": 1, "path": "/x/y"}, {"/t/a/1.csv": "/x/y/1.csv"}),
        (
            "/t/*.csv",
            "/x",
            {"moved": 2, "path": "/x"},
            {"/t/1.csv": "/x/1.csv", "/t/2.csv": "/x/2.csv"},
        ),
        ("/t/2.t?t", "/x", {"moved": 1, "path": "/x"}, {"/t/2.txt": "/x/2.txt"}),
        (
            ["/t/a", "/t/a/1.csv", "/u.csv"],
            "/x",
            {"moved": 2, "path": "/x"},
            {"/t/a/1.csv": "/x/a/1.csv", "/u.csv": "/x/u.csv"},
        ),
        ("/none/*", "/x", {"moved": 0, "path": "/x"}, {}),
        ("/u.csv", "/u.csv", {"moved": 0, "path": "/u.csv"}, {}),
    ],
)
def test_move(tree, source, destination, result, moved):
    """A path takes a new name or goes into a directory; several go into it; a second try finds it done."""
    before = everything(tree)
    seen = tree.move_paths(source, destination, preview=True)
    assert (seen["preview"], seen["moved"], everything(tree)) == (True, result["moved"], before)
    done = tree.move_paths(source, destination)
    assert done.pop("paths") == [one["destination"] for one in seen["moves"]]
    assert done == result
    assert everything(tree) == sorted({moved.get(name, name) for name in before})
    assert all(tree.filesystem.cat(new) == old.encode() for old, new in moved.items())
    assert tree.move_paths(source, destination)["moved"] == 0


def test_preview_names_the_moves(tree, account):
    """Each move is named, in the form that was asked."""
    seen = tree.move_paths(f"adl://{account}/t/*.csv", "/x", preview=True)
    url = f"adl://{account}.azuredatalakestore.net"
    assert seen["moves"] == [
        {"source": f"{url}/t/1.csv", "destination": "/x/1.csv"},
        {"source": f"{url}/t/2.csv", "destination": "/x/2.csv"},
    ]


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize(
    ("source", "destination", "error", "match"),
    [
        ("/u.csv", "/t/1.csv", PathExistsError, "/t/1.csv.*nothing was moved"),
        ("/t/*.csv", "/t/a", PathExistsError, "/t/a/1.csv"),
        ("/u.csv", "/t", PathExistsError, "write /t/ for /u.csv to go into it"),
        ("/t/a", "/u.csv", PathExistsError, "/u.csv"),
        ("/nowhere", "/x", PathNotFoundError, "/nowhere"),
        (["/u.csv", "/nowhere"], "/x", PathNotFoundError, "/nowhere"),
        (["/t/1.csv", "/t/a/1.csv"], "/x", ValueError, "would both become /x/1.csv"),
        ("/t", "/t/a/", ValueError, "into itself"),
        ("/", "/x", ValueError, "root"),
    ],
)
def test_refused(tree, source, destination, error, match, preview):
    """An impossible move is refused before anything is moved."""
    with pytest.raises(error, match=match):
        tree.move_paths(source, destination, preview=preview)
    assert everything(tree) == sorted(FILES)


def test_overwriting(tree):
    """Where that is asked for a file replaces a file; a directory never."""
    assert moved(tree.move_paths("/u.csv", "/t/1.csv", overwrite=True)) == (1, "/t/1.csv")
    assert tree.filesystem.cat("/t/1.csv") == b"/u.csv"
    tree.filesystem.makedirs("/x/a")
    with pytest.raises(PathExistsError):
        tree.move_paths("/t/a", "/x/", overwrite=True)


def test_part_that_was_moved_before(tree):
    """What an earlier try has moved is not missed, and the rest is moved."""
    tree.move_paths("/t/1.csv", "/x/")
    assert moved(tree.move_paths(["/t/1.csv", "/t/2.csv"], "/x")) == (1, "/x")
    assert tree.list_paths("/x") == ["/x/1.csv", "/x/2.csv"]


def test_to_another_account(tree, other_account):
    """Files and directories go to another account by copies, and are gone then."""
    there = f"adl://{other_account}.azuredatalakestore.net"
    assert moved(tree.move_paths("/t", f"adl://{other_account}/x")) == (1, f"{there}/x")
    assert moved(tree.move_paths(f"adl://{other_account}/x/*.csv", "/back")) == (2, "/back")
    assert everything(tree) == ["/back/1.csv", "/back/2.csv", "/u.csv"]
    assert tree.list_paths(f"adl://{other_account}/x", recursive=True) == [
        f"{there}/x/2.txt",
        f"{there}/x/a/1.csv",
    ]


def test_empty_directory_to_another_account(tree, other_account):
    """A directory that holds nothing goes to another account too."""
    tree.make_directory("/e/[x]/empty")
    assert tree.move_paths("/e/[x]", f"adl://{other_account}/e")["moved"] == 1
    assert tree.list_paths(f"adl://{other_account}/e", include_directories=True) == [
        f"adl://{other_account}.azuredatalakestore.net/e/empty"
    ]
    assert tree.list_paths("/e", include_directories=True) == []


def stopped_after(hook, nth, fault, other_account):
    """Move a tree to another account, and let the service fail at one of the deletions."""
    with fault(operation="DELETE", under="/t", nth=nth, status=403), pytest.raises(ServiceError):
        hook.move_paths("/t", f"adl://{other_account}/x")


@pytest.mark.parametrize("nth", [1, 2, 4])
def test_what_was_broken_off_goes_on(tree, other_account, fault, nth):
    """A move to another account that was broken off is finished by the next, and nothing is lost."""
    stopped_after(tree, nth, fault, other_account)
    there = f"adl://{other_account}/x"
    assert tree.move_paths("/t", there)["moved"] == 1
    assert everything(tree) == ["/u.csv"]
    lake = tree.filesystem_of(other_account)
    expected = {name.replace("/t", "/x", 1): name.encode() for name in FILES if name != "/u.csv"}
    assert expected == {name: lake.cat_file(name) for name in lake.find("/")}


def test_only_what_was_copied_is_deleted(tree, other_account):
    """A file that is still being written in a tree is not deleted with it."""
    hidden = f"/t/{unfinished_name()}"
    tree.filesystem.pipe_file(hidden, b"half")
    tree.move_paths("/t", f"adl://{other_account}/x")
    assert everything(tree) == [hidden, "/u.csv"]


def test_what_others_put_in_the_way(tree, other_account):
    """What is at a destination in another account, and not by the same move, is in the way."""
    lake = tree.filesystem_of(other_account)
    lake.pipe_file("/x/theirs.csv", b"theirs")
    with pytest.raises(PathExistsError):
        tree.move_paths("/t", f"adl://{other_account}/x")
    lake.pipe_file("/y", b"theirs")
    with pytest.raises(PathExistsError):
        tree.move_paths("/u.csv", f"adl://{other_account}/y")
    assert (lake.find("/"), lake.cat_file("/y")) == (["/x/theirs.csv", "/y"], b"theirs")
    assert everything(tree) == sorted(FILES)


def test_what_others_made_meanwhile(tree, other_account, monkeypatch):
    """What came to a destination after it was looked at stays, whenever the move is tried again."""
    lake = tree.filesystem_of(other_account)
    lake.pipe_file("/y", b"theirs")
    look = move.find_existing

    async def find_existing(places):
        return {} if (places := list(places))[0].account == other_account else await look(places)

    with monkeypatch.context() as patch:
        patch.setattr(move, "find_existing", find_existing)
        with pytest.raises(PathExistsError):
            tree.move_paths("/u.csv", f"adl://{other_account}/y")
    with pytest.raises(PathExistsError):
        tree.move_paths("/u.csv", f"adl://{other_account}/y")
    assert (lake.cat_file("/y"), lake.ls("/", detail=False)) == (b"theirs", ["/y"])
    assert everything(tree) == sorted(FILES)


def test_what_others_made_after_a_failure(tree, other_account, fault):
    """What comes to a destination after a move has failed before it wrote there is not the move's."""
    lake = tree.filesystem_of(other_account)
    with fault(operation="OPEN", path="/u.csv", status=403), pytest.raises(ServiceError):
        tree.move_paths("/u.csv", f"adl://{other_account}/y")
    assert lake.ls("/") == []
    lake.pipe_file("/y", b"theirs")
    with pytest.raises(PathExistsError):
        tree.move_paths("/u.csv", f"adl://{other_account}/y")
    assert (lake.cat_file("/y"), everything(tree)) == (b"theirs", sorted(FILES))


@pytest.mark.parametrize("source", ["/u.csv", "/u.*", ["/u.csv"]])
def test_all_but_the_note(tree, other_account, emulator, source):
    """A move that was done but for the end of its note is not done again, and the note goes."""
    destination, others = f"adl://{other_account}/", "/.0123456789abcdef0123456789abcdef.kept"
    lake = tree.filesystem_of(other_account)
    with (
        emulator.faults.add(operation="DELETE", account=other_account, path="/.*", status=403),
        pytest.raises(ServiceError),
    ):
        tree.move_paths(source, destination)
    assert (len(lake.ls("/")), everything(tree)) == (2, sorted({*FILES} - {"/u.csv"}))
    lake.pipe_file(others, b"of other work")
    assert tree.move_paths(source, destination)["moved"] == 0
    assert lake.ls("/", detail=False) == [others, "/u.csv"]


def test_destination_that_may_not_be_listed(tree, other_account, emulator):
    """Who may write to a directory and not list it moves files there by a glob too."""
    with emulator.faults.add(operation="LISTSTATUS", account=other_account, status=403) as refusal:
        assert tree.move_paths("/t/*.csv", f"adl://{other_account}/")["moved"] == 2
    assert refusal.fired
    assert tree.filesystem_of(other_account).ls("/", detail=False) == ["/1.csv", "/2.csv"]


def test_two_that_move_the_same(tree, other_account, fault):
    """Of two that move the same at once the one goes on with what the other has left undone."""
    there = f"adl://{other_account}/x"
    held = fault(operation="LISTSTATUS", under="/t", nth=1, delay=3600)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(tree.move_paths, "/t", there)
        try:
            while not held.matched and not first.done():
                time.sleep(0.01)
            stopped_after(tree, 3, fault, other_account)
        finally:
            held.remove()
        assert first.result()["moved"] == 1
    lake = tree.filesystem_of(other_account)
    expected = {name.replace("/t", "/x", 1): name.encode() for name in FILES if name != "/u.csv"}
    assert expected == {name: lake.cat_file(name) for name in lake.find("/")}
    assert everything(tree) == ["/u.csv"]


def test_lost_answer_of_the_note(tree, other_account, emulator):
    """A move whose note is there, though nobody said so, goes on."""
    with emulator.faults.add(
        operation="CREATE", account=other_account, path="/.*", drop="after", times=1
    ) as lost:
        assert tree.move_paths("/u.csv", f"adl://{other_account}/y")["moved"] == 1
    assert lost.fired == 1
    assert tree.filesystem_of(other_account).ls("/", detail=False) == ["/y"]


def test_lost_answers_of_the_copies(tree, other_account, emulator):
    """A move whose answers are lost on the way is finished, file by file, without another try."""
    with emulator.faults.add(operation="CREATE", account=other_account, drop="after", times=5) as lost:
        assert tree.move_paths("/t", f"adl://{other_account}/t")["moved"] == 1
    assert lost.fired == 5
    assert not tree.exists("/t")


def test_lost_answer_of_an_upload_that_replaces_nothing(hook, fault, tmp_path):
    """It is finished, and replaces nothing when it is done again."""
    (tmp_path / "f").write_bytes(b"mine")
    with fault(operation="CREATE", drop="after", times=1) as lost:
        assert hook.upload(str(tmp_path / "f"), "/f", overwrite=False)["files"] == 1
    assert lost.fired == 1
    with pytest.raises(FileExistsError):
        hook.upload(str(tmp_path / "f"), "/f", overwrite=False)


def test_source_that_another_has_moved(tree, other_account, monkeypatch):
    """A move that comes too late says what is not there, and leaves no note of it."""
    tree.filesystem.rm("/u.csv")
    with monkeypatch.context() as patch:
        status = tree.filesystem.client.status

        async def find_existing(places):
            return {place: await status("/") for place in places if place.account == tree.account_name}

        patch.setattr(move, "find_existing", find_existing)
        with pytest.raises(PathNotFoundError, match=r"/u\.csv"):
            tree.move_paths("/u.csv", f"adl://{other_account}/y")
    assert tree.filesystem_of(other_account).ls("/") == []
