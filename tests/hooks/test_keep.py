"""Rights, owners, expiries and times kept by copies and syncs, between and inside both services."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.lake.keep import NAMES, parse_keep
from airflow_provider_adls.operators.sync import ADLSGen1SyncOperator
from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator
from tests.services import GEN1, GEN2

OWNER = "11111111-2222-3333-4444-555555555555"
GROUP = "66666666-7777-8888-9999-aaaaaaaaaaaa"
OTHER = "bbbbbbbb-cccc-dddd-eeee-ffffffffffff"
ALL = ["permission", "owner", "expiry", "times"]
BOTH_WAYS = [(GEN1, GEN1), (GEN1, GEN2), (GEN2, GEN2), (GEN2, GEN1)]
ODD = "/s/a b%[1]#+é"
EXPIRY = "2126-01-31T12:00:00.250+00:00"


@pytest.fixture
def lakes(emulator, adls_gen1_connect):
    """A function that returns a hook of a new account of a service; all are removed at the end."""
    made = []

    def lake(service, conn_id, **fields):
        name = f"k{uuid.uuid4().hex[:16]}"
        if service == GEN1:
            emulator.create_account(name)
        else:
            emulator.create_storage_account(name, ["lake"])
            fields["container"] = "lake"
        made.append((service, name))
        return ADLSGen1Hook(adls_gen1_connect(conn_id, account_name=name, **fields))

    yield lake
    for service, name in made:
        (emulator.delete_account if service == GEN1 else emulator.delete_storage_account)(name)


def plant(hook):
    """Make a tree with rights, owners, expiries and default entries."""
    for name in ("plain.csv", "open.csv", "ours.csv"):
        hook.write_file(f"{ODD}/{name}", name)
    hook.write_file("/s/top.csv", "top")
    hook.make_directory("/s/empty")
    hook.set_permission(f"{ODD}/open.csv", "604")
    hook.modify_acl(f"{ODD}/ours.csv", f"user:{OTHER}:r-x")
    hook.set_owner(f"{ODD}/ours.csv", owner=OWNER, group=GROUP)
    hook.set_expiry("/s/top.csv", expires_at=EXPIRY)
    hook.modify_acl(ODD, f"default:user:{OTHER}:rwx")
    hook.set_permission("/s/empty", "1711")
    hook.modify_acl("/s", f"group:{GROUP}:r-x,default:group:{GROUP}:r-x")
    hook.set_owner("/s", group=GROUP)


def attributes(hook, root, *names):
    """Return what is kept of all below a root, and of the root itself."""
    found = hook.filesystem.find(root, withdirs=True, detail=True)
    places = {"": hook.filesystem.info(root)} | {path[len(root) :]: info for path, info in found.items()}
    result = {}
    for place, info in places.items():
        acl = hook.get_acl(root + place)
        # What the permission says already: Gen1 lists it in part.
        entries = {entry for entry in acl["entries"] if not entry.startswith(("user::", "other::"))}
        result[place] = {
            "permission": (info["permission"], entries),
            "owner": (info["owner"], info["group"]),
            "expiry": info.get("expires") and info["expires"].replace(microsecond=0),
            "times": info["mtime"],
        }
        result[place] = {name: result[place][name] for name in names}
    return result


@pytest.mark.parametrize(("source", "target"), BOTH_WAYS)
@pytest.mark.parametrize("verb", ["copy", "sync"])
def test_a_tree(lakes, source, target, verb):
    """A tree arrives with what its root, directories and files have; Gen2 sets its own times."""
    here, there = lakes(source, "here"), lakes(target, "there")
    plant(here)
    summary = getattr(here, verb)("/s", "/t", destination_conn_id="there", keep=ALL)
    can = [name for name in ALL if name != "times" or target == GEN1]
    assert attributes(there, "/t", *can) == attributes(here, "/s", *can)
    assert set(summary["not_kept"]) <= set(ALL) - set(can)
    again = here.sync("/s", "/t", destination_conn_id="there", keep=can)
    assert (again["files"], again["kept"], again["not_kept"]) == (0, {}, {})


@pytest.mark.parametrize(("source", "target"), [(GEN1, GEN2), (GEN2, GEN1)])
def test_by_many_tasks(lakes, source, target):
    """A transfer of many tasks keeps what one task does, of alike files too; its report counts it."""
    here, there = lakes(source, "here"), lakes(target, "there")
    plant(here)
    ends = {"source_path": "/s", "destination_path": "/t", "destination_conn_id": "there", "mode": "sync"}

    def run(number, **options):
        state = {"state_path": "/_state", "transfer_id": f"scheduled__2026-11-29T00:00:00+00:00/{number}"}
        parts = here.begin_transfer(**state, **ends, **options)
        for part in range(parts):
            here.list_transfer(**state, part=part)
        for shard in range(here.pack_transfer(**state)):
            here.copy_shard(**state, shard=shard)
            here.verify_shard(**state, shard=shard)
        here.delete_extraneous(**state)
        unfinished = here.report_transfer(**state)["problems"]
        kept = [here.keep_attributes(**state, part=part) for part in range(parts)]
        return unfinished, kept, here.report_transfer(**state)

    can = [name for name in ALL if name != "times" or target == GEN1]
    unfinished, kept, report = run(1, list_tasks=3, keep=ALL)
    assert "permission" in unfinished[0]
    assert report["complete"], report["problems"]
    assert attributes(there, "/t", *can) == attributes(here, "/s", *can)
    assert sum(part["kept"] for part in kept) == sum(report["kept"].values())
    page = here.filesystem.cat_file(report["page"]).decode()
    assert "Attributes" in page
    if target == GEN2:
        assert set(report["not_kept"]) == {"times"}
        assert "a Gen2 account has no request that does" in page
    here.set_permission(f"{ODD}/open.csv", "444")
    _, _, report = run(2, keep="permission", fail_unless_kept=True)
    assert (report["files"], report["kept"], report["complete"]) == (0, {"permission": 1}, True)
    if target == GEN2:
        _, _, report = run(3, keep="times", fail_unless_kept=True)
        assert "times of" in report["problems"][0]


@pytest.fixture
def pair(lakes):
    """Hooks of a Gen1 and of a Gen2 account."""
    return lakes(GEN1, "here"), lakes(GEN2, "there")


def stranger(emulator, hook, adls_gen1_connect, conn_id):
    """Return a hook of a principal that may write everything in an account, and owns nothing of it."""
    client_id, secret = str(uuid.uuid4()), "stranger~Secret.0123456789"
    principal = emulator.add_principal(client_id, secret)
    hook.modify_acl("/", f"user:{principal.object_id}:rwx,default:user:{principal.object_id}:rwx")
    settings = hook.settings
    fields = {"container": "lake"} if settings.container else {}
    account = settings.account_name
    return ADLSGen1Hook(
        adls_gen1_connect(conn_id, account_name=account, login=client_id, password=secret, **fields)
    )


def test_only_what_differs_costs_requests(lakes, emulator):
    """Of a tree whose copy differs in one file, both sides are listed, and that file gets one request."""
    here = lakes(GEN1, "here")
    for number in range(20):
        here.write_file(f"/s/{number}.csv", "x")
    here.copy("/s", "/t", keep=["permission", "owner", "expiry"])
    here.set_permission("/s/7.csv", "444")
    account = here.settings.account_name
    before = len(emulator.requests(account=account))
    summary = here.sync("/s", "/t", keep=["permission", "owner", "expiry"])
    assert (summary["files"], summary["kept"]) == (0, {"permission": 1})
    sent = Counter(request.operation for request in emulator.requests(account=account)[before:])
    assert sent["SETPERMISSION"] == 1
    assert sent.keys() <= {"GETFILESTATUS", "LISTSTATUS", "SETPERMISSION"}
    assert sent.total() <= 10


def test_what_is_refused_is_reported(pair, emulator, adls_gen1_connect, capsys):
    """A client that may not change owners copies all the same; result and log name what was refused."""
    here, there = pair
    plant(here)
    stranger(emulator, there, adls_gen1_connect, "stranger")
    summary = here.copy("/s", "/t", destination_conn_id="stranger", keep=["owner", "expiry", "times"])
    assert summary["files"] == 4
    assert summary["kept"] == {"expiry": 1}
    assert set(summary["not_kept"]) == {"owner", "times"}
    reasons = {one["attribute"]: one for one in summary["not_kept_paths"]}
    assert reasons["owner"]["path"].startswith("/t")
    assert "AccessDeniedError" in reasons["owner"]["error"]
    assert "a Gen2 account has no request that does" in reasons["times"]["error"]
    assert "could not keep owner of" in capsys.readouterr().out
    with pytest.raises(OSError, match="everything is copied, but owner of"):
        here.copy("/s", "/t", destination_conn_id="stranger", keep="owner", fail_unless_kept=True)


def test_a_retry_sets_what_is_missing(lakes, adls_gen1_fault):
    """A try that ends while attributes are set is finished by the next one, which copies nothing again."""
    here = lakes(GEN1, "here")
    plant(here)
    keep = ["permission", "owner", "expiry", "times"]
    account = here.settings.account_name
    with (
        adls_gen1_fault(account=account, operation="SETOWNER", status=401),
        pytest.raises(OSError, match="SETOWNER"),
    ):
        here.sync("/s", "/t", keep=keep)
    assert attributes(here, "/t", *keep) != attributes(here, "/s", *keep)
    assert here.sync("/s", "/t", keep=keep)["files"] == 0
    assert attributes(here, "/t", *keep) == attributes(here, "/s", *keep)


@pytest.mark.parametrize("target", ["/", "/t/"])
def test_a_whole_lake(pair, target):
    """The root of a lake gives its rights to the destination, the root of another one too."""
    here, there = pair
    here.write_file("/a.csv", "a")
    here.set_permission("/a.csv", "600")
    here.modify_acl("/", f"default:user:{OTHER}:r-x")
    here.copy("/", target, destination_conn_id="there", keep="permission")
    assert there.filesystem.info(f"{target}a.csv")["permission"] == "600"
    assert f"default:user:{OTHER}:r-x" in there.get_acl(target)["entries"]


@pytest.mark.parametrize(
    ("path", "options", "found"),
    [
        ("/s/a b%[[]1]#+é/*.csv", {}, "/t/a b%[1]#+é/open.csv"),
        ("/s", {"keep_directory_structure": False}, "/t/open.csv"),
        (["/s/a b%[1]#+é", "/s/top.csv"], {}, "/t/a b%[1]#+é/open.csv"),
        ("/s/*", {}, "/t/a b%[1]#+é/open.csv"),
        ("/s", {"delete_source": True}, "/t/a b%[1]#+é/open.csv"),
        ("/s/a b%[1]#+é/open.csv", {}, "/t/open.csv"),
        ("/s", {"overwrite": False, "if_exists": "skip"}, "/t/a b%[1]#+é/open.csv"),
    ],
)
def test_every_way_to_copy(lakes, path, options, found):
    """Globs, single files, flat copies, moves, and files that exist and are skipped, keep theirs too."""
    here = lakes(GEN1, "here")
    plant(here)
    if "if_exists" in options:
        here.copy("/s", "/t")
    summary = here.copy(path, "/t/", keep=["permission", "owner"], **options)
    assert summary["not_kept"] == {}
    assert here.filesystem.info(found)["permission"] == "604"
    if isinstance(path, list):
        assert f"default:user:{OTHER}:rwx" in here.get_acl("/t/a b%[1]#+é")["entries"]
    ours = found.replace("open", "ours")
    if here.filesystem.exists(ours):
        assert here.filesystem.info(ours)["owner"] == OWNER
        assert f"user:{OTHER}:r-x" in here.get_acl(ours)["entries"]
    if options.get("delete_source"):
        assert here.filesystem.find("/s") == []


def test_a_source_whose_attributes_are_refused_stays(pair, emulator, adls_gen1_connect):
    """A move deletes no file whose owner could not be kept: it is known nowhere else."""
    here, there = pair
    here.write_file("/s/1.csv", "1")
    here.set_owner("/s/1.csv", owner=OWNER)
    stranger(emulator, there, adls_gen1_connect, "stranger")
    summary = here.copy("/s", "/t", destination_conn_id="stranger", keep="owner", delete_source=True)
    assert (summary["files"], summary["deleted"], summary["not_kept"]["owner"] > 0) == (1, 0, True)
    assert here.filesystem.exists("/s/1.csv")
    moved = here.copy("/s", "/t", destination_conn_id="there", keep="owner", delete_source=True)
    assert (moved["deleted"], there.filesystem.info("/t/1.csv")["owner"]) == (1, OWNER)


def test_lakes_alone_have_attributes(lakes, tmp_path):
    """A destination outside of lakes is refused before anything is copied."""
    here = lakes(GEN1, "here")
    plant(here)
    with pytest.raises(ValueError, match="is not in a lake"):
        here.sync("/s", f"file://{tmp_path}", keep=["permission"])
    assert list(tmp_path.iterdir()) == []


def test_names():
    """Names come as a list, as text with commas, or as a template renders a list; others are refused."""
    assert parse_keep("owner") == ("owner",)
    assert parse_keep("owner, times") == parse_keep(["times", "owner"]) == ("times", "owner")
    assert parse_keep("['permission', 'expiry']") == ("expiry", "permission")
    assert parse_keep(None) == parse_keep("") == parse_keep([]) == ()
    assert set(parse_keep(NAMES)) == set(ALL)
    with pytest.raises(ValueError, match="'rights' cannot be kept: expiry, owner, permission, times"):
        parse_keep("rights")


@pytest.mark.parametrize("service", [GEN1, GEN2])
@pytest.mark.parametrize("size", [0, 5, 4 * 2**20 + 1])
def test_files_appear_with_their_rights(lakes, service, size, tmp_path):
    """Uploads appear with a permission, or a list, and an expiry, whatever their size."""
    lake = lakes(service, "here")
    local = tmp_path / "a b%[1]#+é.csv"
    local.write_bytes(b"x" * size)
    lake.upload(str(local), "/p/", permission="604")
    assert lake.filesystem.info(f"/p/{local.name}")["permission"] == "604"
    acl = f"user::rw-,group::r--,other::---,user:{OTHER}:r--"
    lake.import_objects(f"file://{tmp_path}", "/q", acl=acl, expires_in=3600)
    info = lake.filesystem.info(f"/q/{local.name}")
    assert (info["size"], info["expires"] is not None) == (size, True)
    assert {f"user:{OTHER}:r--", "group::r--"} <= set(lake.get_acl(f"/q/{local.name}")["entries"])
    assert [path for path in lake.filesystem.find("/") if ".part" in path] == []


@pytest.mark.parametrize("service", [GEN1, GEN2])
def test_a_replaced_file(lakes, service, tmp_path):
    """A new file gets what the one had that it replaces, and one that replaces none is as others."""
    lake = lakes(service, "here")
    plant(lake)
    for name in ("ours.csv", "new.csv"):
        (tmp_path / name).write_text("new content")
    lake.set_expiry(f"{ODD}/ours.csv", expires_at=EXPIRY)
    names = ["permission", "owner", "expiry"]
    before = attributes(lake, ODD, *names)["/ours.csv"]
    summary = lake.upload(str(tmp_path), ODD, keep=names)
    assert attributes(lake, ODD, *names)["/ours.csv"] == before
    assert lake.filesystem.cat_file(f"{ODD}/ours.csv") == b"new content"
    assert (summary["files"], summary["not_kept"]) == (2, {})
    assert set(summary["kept"]) == set(names)


def test_a_permission_costs_no_request(lakes, emulator, tmp_path):
    """On Gen1 the request that makes a small file carries its permission."""
    lake = lakes(GEN1, "here")
    (tmp_path / "1.csv").write_text("1")
    account = lake.settings.account_name
    lake.upload(str(tmp_path), "/p", permission="640")
    sent = Counter(request.operation for request in emulator.requests(account=account))
    assert (sent["CREATE"], sent["SETPERMISSION"], sent["RENAME"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"permission": "640", "acl": "user::rw-,group::r--,other::---"}, "acl.*beside permission"),
        ({"acl": "user::rw-,group::r--,other::---,default:other::---"}, "acl.*no default entries"),
        ({"keep": "times"}, "keep.*the time of a replaced file"),
        ({"keep": "permission", "permission": "640"}, "keep.*beside permission"),
        ({"keep": ["expiry"], "expires_in": 60}, "keep.*beside expires_in"),
    ],
)
def test_what_contradicts_itself(options, message):
    """What cannot be meant together is refused when the DAG is parsed."""
    with pytest.raises(ValueError, match=message):
        LocalToADLSGen1Operator(task_id="up", local_path="/data", remote_path="/raw", **options)


@pytest.mark.parametrize(
    ("operator", "destination", "keep"),
    [
        (ADLSGen1CopyOperator, "abfss://lake@new.dfs.core.windows.net/raw", ["owner", "times"]),
        (ADLSGen1SyncOperator, "s3://bucket/raw", "owner"),
        (ADLSGen1SyncOperator, "file:///data", "permission"),
    ],
)
def test_what_no_destination_keeps(operator, destination, keep):
    """What the destination can never keep is refused when the DAG is parsed."""
    with pytest.raises(ValueError, match="argument 'keep': "):
        operator(task_id="copy", source_path="/raw", destination_path=destination, keep=keep)
