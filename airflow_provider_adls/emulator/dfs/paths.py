"""Paths on the DFS face: created, described, listed, renamed, deleted, leased."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from airflow_provider_adls.emulator.dfs import answers
from airflow_provider_adls.emulator.faces import rights, tokens
from airflow_provider_adls.emulator.faces.asks import Ask, Reply, decoded_properties, version_headers
from airflow_provider_adls.emulator.faces.leasing import lease_request
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import (
    attributes,
    creation,
    deletion,
    leases,
    leasing,
    listing,
    renaming,
)
from airflow_provider_adls.emulator.rules.gen2.calls import checked_path
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall

_PREFIX = "x-ms-"
_RENAME_SOURCE = "x-ms-rename-source"
_POSIX, _LEGACY = "posix", "legacy"


def create_file(call: FileCall, ask: Ask) -> Reply:
    """Create a file."""
    return _create(call, ask, directory=False)


def create_directory(call: FileCall, ask: Ask) -> Reply:
    """Create a directory."""
    return _create(call, ask, directory=True)


def describe(call: FileCall, ask: Ask) -> Reply:
    """Return all properties of a path."""
    node = attributes.look(call, ask.path, ask.conditions(), ask.lease)
    call.demand_key(node)
    length = {"Content-Length": "0" if node.directory else str(node.synced)}
    shown = answers.owner_headers(node) | answers.acl_headers(node, ask.version)
    return Reply(200, answers.path_headers(call, ask, node) | shown | length)


def status(call: FileCall, ask: Ask) -> Reply:
    """Return the system's own properties of a path."""
    node = attributes.look(call, ask.path, ask.conditions(), ask.lease)
    length = {"Content-Length": "0" if node.directory else str(node.synced)}
    return Reply(200, answers.status_headers(node) | length)


def list_paths(call: FileCall, ask: Ask) -> Reply:
    """Return paths under a directory, page by page."""
    if "recursive" not in ask.query:
        raise refused("MissingRequiredQueryParameter")
    directory = checked_path(ask.query.get("directory", ""))
    size = ask.number("maxresults", least=1) or gen2.PAGE_SIZE
    start = tokens.read(ask.query.get("continuation", "")) or ask.query.get("beginfrom", "")
    found, rest = listing.list_paths(
        call,
        directory,
        recursive=ask.flag("recursive"),
        start=_under(directory, start),
        size=min(size, gen2.PAGE_SIZE),
    )
    entries = [answers.entry(path, node, ask.version) for path, node in found]
    return answers.json_reply(
        {"paths": entries}, {answers.CONTINUATION: tokens.written(rest)} if rest is not None else None
    )


def rename(call: FileCall, ask: Ask) -> Reply:
    """Rename a path to that of the request."""
    if "resource" in ask.query:
        raise refused("UnsupportedHeader")
    mode = ask.query.get("mode", _POSIX).lower()
    if mode not in (_POSIX, _LEGACY):
        raise refused("InvalidQueryParameterValue")
    node = renaming.rename(
        call, ask.path, _source(ask), ask.conditions(), into=mode == _POSIX, lease=ask.lease
    )
    return Reply(201, version_headers(node) if ask.version >= answers.NAMES_MORE else {})


def delete(call: FileCall, ask: Ask) -> Reply:
    """Delete a path."""
    deleted = deletion.delete(
        call, ask.path, ask.conditions(), recursive=ask.flag("recursive"), lease=ask.lease
    )
    headers = {}
    if ask.version >= answers.NAMES_MORE:
        headers["x-ms-delete-type-permanent"] = "true" if deleted is None else "false"
        if deleted is not None:
            headers["x-ms-deletion-id"] = str(deleted)
    return Reply(200, headers)


def lease(call: FileCall, ask: Ask) -> Reply:
    """Do a lease operation on a path."""
    request = lease_request(ask)
    node, left = leasing.lease_path(call, ask.path, ask.conditions(), request)
    headers = version_headers(node)
    held = leases.of(node)
    if request.action in (leasing.ACQUIRE, leasing.RENEW, leasing.CHANGE) and held is not None:
        headers["x-ms-lease-id"] = held.id
    if request.action == leasing.BREAK:
        headers["x-ms-lease-time"] = str(left)
    return Reply({leasing.ACQUIRE: 201, leasing.BREAK: 202}.get(request.action, 200), headers)


def set_properties(call: FileCall, ask: Ask) -> Reply:
    """Replace metadata and content headers of a path."""
    text = ask.headers.get("x-ms-properties")
    node = attributes.set_properties(
        call,
        ask.path,
        ask.conditions(),
        ask.lease,
        headers=ask.content_headers(_PREFIX),
        metadata=None if text is None else decoded_properties(text),
    )
    return Reply(200, version_headers(node))


def _create(call: FileCall, ask: Ask, *, directory: bool) -> Reply:
    if ask.headers.get("Content-Length", "0") != "0":
        raise refused("ContentLengthMustBeZero")
    node = creation.create(
        call, ask.path, ask.conditions(), _wanted(ask), directory=directory, lease=ask.lease
    )
    return answers.created(call, ask, node)


def _wanted(ask: Ask) -> creation.Wanted:
    permission, entries = ask.header("x-ms-permissions"), ask.header("x-ms-acl")
    if permission and entries:
        raise refused("InvalidInput")
    option = ask.header("x-ms-expiry-option")
    duration = ask.header_number("x-ms-lease-duration")
    return creation.Wanted(
        permission=rights.permission(permission),
        umask=rights.umask(ask.header("x-ms-umask"), gen2.UMASK),
        entries=rights.entries(entries),
        owner=ask.header("x-ms-owner"),
        group=ask.header("x-ms-group"),
        headers=ask.content_headers(_PREFIX),
        metadata=decoded_properties(ask.header("x-ms-properties")),
        proposed_lease=ask.header("x-ms-proposed-lease-id"),
        lease_duration=leases.INFINITE if duration is None else duration,
        expiry=(option, ask.header("x-ms-expiry-time")) if option else None,
        context=ask.header("x-ms-encryption-context"),
    )


def _source(ask: Ask) -> renaming.Source:
    parts = urlsplit(ask.header(_RENAME_SOURCE))
    text = parts.path
    if not text.startswith("/") or not text.isascii() or parts.netloc:
        raise refused("InvalidSourceUri")
    container, slash, path = unquote(text[1:]).partition("/")
    if not (container and slash):
        raise refused("InvalidSourceUri")
    return renaming.Source(
        container, checked_path(path), ask.conditions("x-ms-source-"), ask.header("x-ms-source-lease-id")
    )


def _under(directory: str, start: str) -> str:
    """Return where a listing begins: a path of the container, from the directory down."""
    if not start:
        return ""
    path = f"/{start.strip('/')}"
    if directory == "/" or f"{path}/".startswith(f"{directory}/"):
        return path
    return f"{directory}{path}"
