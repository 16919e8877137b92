"""Writes docs/emulator-fidelity.md: `python -m tests.fidelity.document`.

Its rows are the tables of operations, and the tests of the emulator's rules. Their mark `fidelity` names
the kind and the source of its evidence. The mark `own` is for behaviour that only the emulator has.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from airflow_provider_adls.emulator.arm.routes import ROUTES
from airflow_provider_adls.emulator.arm.storage.routes import ROUTES as STORAGE_ROUTES
from airflow_provider_adls.model.operations import OPERATIONS
from tests.fidelity.gen2.evidence import EVIDENCE as GEN2_EVIDENCE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "emulator-fidelity.md"
TESTS = ROOT / "tests" / "emulator"
GEN2 = "Files of Gen2"
FACES = "Requests and answers of Gen2"
WIRE = "Requests and answers of files"
STORAGE = "Resource Manager: storage accounts"
SIGN_IN = "Sign-in to storage accounts"
#: The tests of each service's rules.
PLACES = {
    "Files": ("rules/test_*.py",),
    WIRE: ("webhdfs/test_*.py", "test_lake_service.py", "test_framing.py"),
    "Resource Manager": ("arm/test_*.py",),
    "Azure AD": ("identity/test_*.py",),
    STORAGE: ("arm/storage/test_*.py",),
    SIGN_IN: ("gen2/sign_in/test_*.py",),
    GEN2: ("rules/gen2/test_*.py",),
    FACES: ("dfs/test_*.py", "blob/test_*.py", "faces/test_*.py"),
}
#: Files that the page leaves out: their tests are about internals, or repeat others with a client.
INSIDE = {
    "arm/test_accounts.py",
    "arm/test_resource_client.py",
    "arm/test_sdk.py",
    "identity/test_directory.py",
    "rules/gen2/test_namespaces.py",
    "rules/test_calls.py",
}
OWN = "own"
KINDS = ("recorded", "documented", "assumed")
RECORDED = ("recorded", "")
#: The evidence for the request and the answer of each operation.
EVIDENCE: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        [
            "APPEND",
            "CREATE",
            "DELETE",
            "GETCONTENTSUMMARY",
            "GETFILESTATUS",
            "LISTSTATUS",
            "MKDIRS",
            "MODIFYACLENTRIES",
            "MSCONCAT",
            "MSGETACLSTATUS",
            "OPEN",
            "REMOVEACL",
            "REMOVEACLENTRIES",
            "REMOVEDEFAULTACL",
            "RENAME",
            "SETACL",
            "SETEXPIRY",
            "SETOWNER",
            "SETPERMISSION",
        ],
        RECORDED,
    ),
    "CHECKACCESS": ("documented", "filesystem.json 2016-11-01"),
    "CONCAT": ("documented", "filesystem.json 2016-11-01"),
    "CONCURRENTAPPEND": ("documented", "filesystem.json 2016-11-01; Java SDK"),
    "ENUMERATEDELETEDITEMS": ("documented", ".NET SDK"),
    "GETACLSTATUS": ("documented", "Java and .NET SDKs; answered as MSGETACLSTATUS"),
    "GETFILEINFO": (
        "assumed",
        "only named in the Java SDK; answered as GETFILESTATUS, whose name is nearest",
    ),
    "MSGETFILESTATUS": ("documented", "Java SDK; answered as GETFILESTATUS"),
    "MSLISTSTATUS": ("documented", "Java SDK, and the Node SDK lists with it; answered as LISTSTATUS"),
    "RESTOREDELETEDITEMS": ("documented", ".NET SDK"),
    "SETTIMES": ("documented", "Java SDK; Hadoop's WebHDFS for -1"),
}
STORE = "azure-mgmt-datalake-store 0.5.0"
RESOURCE = "azure-mgmt-resource 26.0"
SUBSCRIPTIONS = "azure-mgmt-resource 24.0, subscriptions"
#: The same of Resource Manager's operations.
ARM_EVIDENCE: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        [
            "accounts.check_name",
            "accounts.create",
            "accounts.delete",
            "accounts.get",
            "accounts.list_by_resource_group",
            "accounts.update",
            "locations.capability",
            "locations.operation_status",
            "virtual_network_rules.create_or_update",
            "virtual_network_rules.delete",
            "virtual_network_rules.get",
        ],
        RECORDED,
    ),
    **dict.fromkeys(
        [
            "accounts.enable_key_vault",
            "accounts.list",
            "operations.list",
            "virtual_network_rules.list_by_account",
            "virtual_network_rules.update",
            *(
                f"{group}.{operation}"
                for group in ("firewall_rules", "trusted_id_providers")
                for operation in ("create_or_update", "delete", "get", "list_by_account", "update")
            ),
        ],
        ("documented", STORE),
    ),
    **dict.fromkeys(
        [
            "accounts.check_existence",
            "providers.get",
            "providers.get_at_tenant_scope",
            "providers.list",
            "providers.list_at_tenant_scope",
            "providers.register",
            "resource_groups.check_existence",
            "resource_groups.create_or_update",
            "resource_groups.delete",
            "resource_groups.get",
            "resource_groups.list",
            "resource_groups.update",
            "resources.list",
            "resources.list_by_resource_group",
        ],
        ("documented", RESOURCE),
    ),
    **dict.fromkeys(
        ["subscriptions.get", "subscriptions.list", "subscriptions.list_locations", "tenants.list"],
        ("documented", SUBSCRIPTIONS),
    ),
    "accounts.operation_result": ("assumed", "its URL is recorded, its answer is not"),
    "locations.usages": ("documented", "azure-mgmt-datalake-store 1.1.0b1; the name of the usage is assumed"),
    "resource_groups.deletion": ("assumed", "its URL is the service's to choose; the answer is a poller's"),
}
#: The same of its operations on storage accounts.
STORAGE_EVIDENCE: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        [
            "blob_containers.create",
            "blob_containers.delete",
            "blob_containers.get",
            "blob_containers.list",
            "blob_containers.update",
            "blob_services.get_service_properties",
            "blob_services.list",
            "blob_services.set_service_properties",
            "storage_accounts.check_name_availability",
            "storage_accounts.create",
            "storage_accounts.delete",
            "storage_accounts.get_properties",
            "storage_accounts.list",
            "storage_accounts.list_by_resource_group",
            "storage_accounts.list_keys",
            "storage_accounts.operation",
            "storage_accounts.regenerate_key",
            "storage_accounts.revoke_user_delegation_keys",
            "storage_accounts.update",
            "usages.list_by_location",
        ],
        RECORDED,
    ),
    "storage_accounts.check_existence": ("documented", RESOURCE),
}
_KNOWN = ("evidence", "source or reason")
HEAD = """# What the emulator knows of the service

Each operation of the file system and of Resource Manager, and each rule behind them, is

- *recorded*: a recording of the real service shows it;
- *documented*: the named source says so;
- *assumed*: no source is known; the reason for the choice is given.

This page is written by `python -m tests.fidelity.document` from the tables of operations and the marks of the
tests of each rule; a test fails if it is stale. The evidence for each error is noted with it, in
`airflow_provider_adls/emulator/rules/refusals.py`, `arm/errors.py` and `identity/errors.py`; the
codes and texts of Gen2's are in `gen2/codes.py`.
"""


def page() -> str:
    """Return the text of the page."""
    lake = [
        (f"{operation.verb} `{operation.prefix}`", name, *EVIDENCE[name])
        for name, operation in sorted(OPERATIONS.items())
    ]
    arm = [
        (f"{route.method} `{route.template}`", route.operation, *ARM_EVIDENCE[route.operation])
        for route in sorted(ROUTES, key=lambda route: route.operation)
        if route not in STORAGE_ROUTES
    ]
    storage = [
        (f"{route.method} `{route.template}`", route.operation, *STORAGE_EVIDENCE[route.operation])
        for route in sorted(STORAGE_ROUTES, key=lambda route: route.operation)
    ]
    gen2 = [(face.upper(), name, *known) for (face, name), known in sorted(GEN2_EVIDENCE.items())]
    parts = [HEAD]
    for service, operations in (
        ("Files", lake),
        (WIRE, []),
        ("Resource Manager", arm),
        ("Azure AD", []),
        (STORAGE, storage),
        (SIGN_IN, []),
        (GEN2, gen2),
        (FACES, []),
    ):
        parts.append(f"## {service}\n")
        if operations:
            parts.append(_table(("face" if service == GEN2 else "request", "operation", *_KNOWN), operations))
        rules = [rule for _, *rule in marked(service) if rule[1] != OWN]
        parts.append(_table(("rule", *_KNOWN), rules))
    return "\n".join(parts)


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def marked(service: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, docstring, kind of evidence (empty if unmarked) and source of each rule's test."""
    for path in sorted(path for place in PLACES[service] for path in TESTS.glob(place)):
        if path.relative_to(TESTS).as_posix() in INSIDE:
            continue
        for test in ast.parse(path.read_text()).body:
            if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef) and test.name.startswith("test_"):
                shown = " ".join((ast.get_docstring(test) or "").split()).replace("|", "\\|")
                yield f"{path.name}::{test.name}", shown, *_mark(test, _constants(path))


def _constants(path: Path) -> dict[str, str]:
    """Return the names of text constants in a test's file."""
    found: dict[str, str] = {}
    for line in ast.parse(path.read_text()).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            text = _text(line.value, found)
            if text is not None:
                found[line.targets[0].id] = text
    return found


def _text(node: ast.expr, known: Mapping[str, str]) -> str | None:
    """Return the text of a literal, a name, or an f-string of both; None for any other expression."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return known.get(name)
        case ast.JoinedStr(values=parts):
            texts = [_text(part, known) for part in parts]
            return None if None in texts else "".join(text or "" for text in texts)
        case ast.FormattedValue(value=value):
            return _text(value, known)
    return None


def _mark(test: ast.FunctionDef | ast.AsyncFunctionDef, known: Mapping[str, str]) -> tuple[str, str]:
    for decorator in test.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.fidelity":
            words = [_text(word, known) or "" for word in decorator.args]
            return words[0], " ".join(words[1:])
    return "", ""


if __name__ == "__main__":
    PAGE.write_text(page())
