"""The two services that suites run over, and the tests that cannot be the same on both.

A test that asks for the fixture `service`, itself or by another fixture, runs over Gen1 and Gen2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_adls.emulator import Fault
    from airflow_provider_adls.pytest_plugin import AddFault

GEN1, GEN2 = "gen1", "gen2"
_JOINS = (
    GEN1,
    "breaks off MSCONCAT; on Gen2 the bytes go by way of this machine, see client/test_dfs_settle.py",
)
#: Files whose tests of an account (`account`, `hook`, `connect`) run over both.
BOTH = frozenset(
    {
        "client/test_verbs.py",
        "hooks/test_content.py",
        "hooks/test_deletion.py",
        "hooks/test_distributed.py",
        "hooks/test_expiry.py",
        "hooks/test_files.py",
        "hooks/test_lists.py",
        "hooks/test_moves.py",
        "hooks/test_resume.py",
        "hooks/test_rights.py",
        "hooks/test_status.py",
        "hooks/test_torture.py",
        "hooks/test_sync.py",
        "hooks/test_times.py",
        "hooks/test_transfers.py",
        "hooks/test_transform.py",
        "hooks/test_trash.py",
        "operators/test_acls.py",
        "operators/test_content.py",
        "operators/test_expiry.py",
        "operators/test_files.py",
        "operators/test_rights.py",
        "operators/test_status.py",
        "operators/test_sync.py",
        "operators/test_transform.py",
        "operators/test_trash.py",
        "sensors/test_adls_gen1.py",
        "sensors/test_lists.py",
        "sensors/test_waiting.py",
        "transfer/test_compression.py",
        "transfers/test_adls_gen1_to_adls_gen1.py",
        "transfers/test_adls_gen1_to_local.py",
        "transfers/test_local_to_adls_gen1.py",
        "transfers/test_object_storage.py",
        "triggers/test_adls_gen1.py",
    }
)
_FAULTS = (
    GEN1,
    "its faults are by the requests and paths of Gen1; client/test_dfs_settle.py has those of Gen2",
)
_DEFAULTS = (GEN1, "what is made without a permission has 640 and 750 on Gen2, as the service says, not 770")
#: Tests that run over one service alone, by file, or by file and function: which, and why.
ONE_ALONE: dict[str, tuple[str, str]] = {
    "triggers/test_adls_gen1.py::test_lasting_failures_are_waited_out_if_wished": (
        GEN1,
        "a right is given by making the client a super user of Gen1",
    ),
    "lake/test_hidden.py::test_sweep_asks_little": (GEN1, "names the requests of Gen1"),
    "lake/test_joins.py::test_join_that_was_broken_off_is_finished": _JOINS,
    "lake/test_joins.py::test_what_a_broken_join_left_is_not_mixed_with_new_sources": _JOINS,
    "lake/test_joins.py::test_destination_that_came_meanwhile_is_kept": _JOINS,
    "lake/test_listed.py::test_no_page_behind_the_limit": (GEN1, "takes a hook of a Gen1 account"),
    "lake/test_observers.py": (GEN1, "takes a hook of a Gen1 account"),
    "lake/test_segments.py::test_parts_are_put_together": (GEN1, "Gen2 needs no parts to be put together"),
    "lake/test_segments.py::test_a_service_that_loses_bytes": (GEN1, "what loses bytes is MSCONCAT"),
    "lake/test_uploads.py::test_blocks_on_their_way": (GEN1, "counts requests; Gen2 sends as many and two"),
    "lake/test_uploads.py::test_requests": (GEN1, "counts requests; client/test_dfs.py has those of Gen2"),
    "filesystem/test_base.py::test_urls": (GEN1, "URLs of Gen1 accounts; those of Gen2 are in test_gen2.py"),
    "filesystem/test_connections.py": (GEN1, "reads a connection; those with a container are in connection/"),
    "filesystem/test_content.py::test_an_answer_with_less_than_there_is": (
        GEN1,
        "what stands in for the answer has no range; client/test_dfs.py has one with a range",
    ),
    "filesystem/test_content.py::test_reading_past_the_end": (GEN1, "Gen2 says in one way where a file ends"),
    "filesystem/test_content.py::test_touch_of_a_file_that_exists": (
        GEN1,
        "Gen2 has no request that sets times",
    ),
    "filesystem/test_files.py::test_pickle": (GEN1, "takes a credential for Gen1's audience"),
    "filesystem/test_gen2.py": (GEN1, "is about Gen2, and makes accounts of its own"),
    "filesystem/test_listing.py::test_directories_that_vanish": (GEN1, "Gen2 lists a tree by one request"),
    "filesystem/test_options.py::test_proxy": (GEN1, "goes to the host names of the retired cloud"),
    "filesystem/test_pairs.py::test_a_name_that_no_lake_can_hold_is_found_first": (
        GEN1,
        "a colon is a character like others on Gen2",
    ),
    "filesystem/test_pairs.py::test_object_storage_paths": (GEN1, "paths of a connection; see fs/"),
    "filesystem/test_tree.py::test_a_directory_that_is_not_empty": (GEN1, "takes a hook of a Gen1 account"),
    "filesystem/test_sdk.py": (GEN1, "the SDK speaks Gen1's protocol"),
    "filesystem/test_sdk_calls.py": (GEN1, "the SDK speaks Gen1's protocol"),
    "client/test_verbs.py::test_times": (GEN1, "Gen2 has no request that sets times: it is refused by name"),
    "hooks/test_moves.py::test_what_was_broken_off_goes_on": _FAULTS,
    "hooks/test_moves.py::test_what_others_made_after_a_failure": _FAULTS,
    "hooks/test_moves.py::test_all_but_the_note": _FAULTS,
    "hooks/test_moves.py::test_destination_that_may_not_be_listed": _FAULTS,
    "hooks/test_moves.py::test_two_that_move_the_same": _FAULTS,
    "hooks/test_moves.py::test_lost_answer_of_the_note": _FAULTS,
    "hooks/test_moves.py::test_lost_answers_of_the_copies": _FAULTS,
    "hooks/test_rights.py::test_permission": _DEFAULTS,
    "hooks/test_rights.py::test_nothing": _DEFAULTS,
    "hooks/test_rights.py::test_acl_of_a_tree": _DEFAULTS,
    "hooks/test_rights.py::test_failures_are_counted": _FAULTS,
    "hooks/test_sync.py::test_down": (
        GEN1,
        "times on Gen2 are of whole seconds, so that a change of the same size in one second is not seen",
    ),
    "hooks/test_trash.py::test_restore_where_something_is": (
        GEN1,
        "Gen2 makes up no other name for a restored item: if_exists='copy' is refused by name",
    ),
    "operators/test_rights.py::test_permission": _DEFAULTS,
}

#: What Gen2 calls the operations that do the same work there, by Gen1's names.
GEN2_NAMES: dict[str, tuple[str, ...]] = {
    "APPEND": ("AppendFile",),
    "CREATE": ("PutBlob", "CreatePathFile"),
    "DELETE": ("DeletePath",),
    "GETCONTENTSUMMARY": ("ListFilesystemDir",),
    "GETFILESTATUS": ("GetBlobProperties", "GetPathStatus"),
    "LISTSTATUS": ("ListFilesystemDir",),
    "MKDIRS": ("CreatePathDir",),
    "MSCONCAT": ("FlushFile",),
    "MSGETACLSTATUS": ("GetPathAccessControl",),
    "OPEN": ("ReadFile",),
    "RENAME": ("RenamePath",),
    "SETACL": ("SetPathAccessControl",),
    "SETEXPIRY": ("SetBlobExpiry",),
    "SETOWNER": ("SetPathAccessControl",),
    "SETPERMISSION": ("SetPathAccessControl",),
}
_GEN1_NAMES = {name: gen1 for gen1, names in GEN2_NAMES.items() for name in names}


def gen1_name(operation: str | None) -> str | None:
    """Return what Gen1 calls an operation of either service."""
    return _GEN1_NAMES.get(operation or "", operation)


class Faults:
    """Rules for the operations of Gen2 that do the work of one of Gen1.

    :param rules: one for each of them.
    """

    def __init__(self, rules: list[Fault]) -> None:
        self._rules = rules

    @property
    def fired(self) -> int:
        """How many requests failed."""
        return sum(rule.fired for rule in self._rules)

    @property
    def matched(self) -> int:
        """How many requests came."""
        return sum(rule.matched for rule in self._rules)

    def __enter__(self) -> Faults:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Let requests succeed again."""
        for rule in self._rules:
            rule.remove()


def gen2_faults(add: AddFault, container: str, rule: dict[str, Any]) -> Faults:
    """Add what a fault of Gen1 is on Gen2.

    :param container: that its paths are in.
    :param rule: its arguments.
    """
    rules = []
    for operation in GEN2_NAMES.get(rule.get("operation", ""), (rule.get("operation"),)):
        own = {**rule, "operation": operation} if operation else {**rule}
        for name in ("path", "under"):
            if name in own:
                own[name] = f"/{container}{own[name]}"
                own.setdefault("service", "blob" if "Blob" in (operation or "") else "dfs")
        rules.append(add(**own))
    return Faults(rules)


def services_of(test: str) -> list[str]:
    """Return the services that a test runs over.

    :param test: its file below `tests/` and its function.
    """
    for excused in (test, test.partition("::")[0]):
        if excused in ONE_ALONE:
            return [ONE_ALONE[excused][0]]
    return [GEN1, GEN2]
