"""`HANDLERS`: a handler for each operation, from the request's arguments by a rule to the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.rules import attributes, content, directories, expiry, trash
from airflow_provider_adls.emulator.rules.refusals import Invalid, Missing
from airflow_provider_adls.emulator.webhdfs.requests import Request, checked
from airflow_provider_adls.model.acl import bits_of
from airflow_provider_adls.model.operations import PAGE_SIZE

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.answer import Answer
    from airflow_provider_adls.emulator.rules.calls import Call
    from airflow_provider_adls.emulator.store import Reader
    from airflow_provider_adls.emulator.webhdfs.answers import Answers


def _append(call: Call, request: Request, answers: Answers) -> Answer:
    _check_sizes(request)
    content.append(call, request.path, request.content, offset=request.number("offset"), **_writing(request))
    return answers.empty()


def _check_access(call: Call, request: Request, answers: Answers) -> Answer:
    wanted = request.text("fsaction").lower()
    if len(wanted) != 3 or any(
        letter not in (right, "-") for letter, right in zip(wanted, "rwx", strict=True)
    ):
        raise Invalid(f"fsaction must be rwx with - in place of each other right, not {wanted!r}")
    attributes.check_access(call, request.path, bits_of(wanted))
    return answers.empty()


def _concurrent_append(call: Call, request: Request, answers: Answers) -> Answer:
    create = bool(request.choice("appendmode", ("autocreate",)))
    sync = request.choice("syncflag", content.SYNC_FLAGS, content.DATA)
    content.append_concurrently(call, request.path, request.body, create=create, sync=sync)
    return answers.empty()


def _concat(call: Call, request: Request, answers: Answers) -> Answer:
    sources = (
        request.text("sources").split(",") if "sources" in request.parameters else _sources(request.body)
    )
    content.concatenate(
        call,
        request.path,
        [checked(source) for source in sources if source],
        delete_source_directory=request.flag("deletesourcedirectory"),
    )
    return answers.empty()


def _create(call: Call, request: Request, answers: Answers) -> Answer:
    _check_sizes(request)
    content.create(
        call,
        request.path,
        request.content,
        overwrite=request.flag("overwrite"),
        create_parent=request.flag("createparent", default=True),
        permission=request.permission(),
        **_writing(request),
    )
    return answers.empty(201, twice=True)


def _delete(call: Call, request: Request, answers: Answers) -> Answer:
    recursive, context = request.flag("recursive"), request.text("filecontextid")
    return answers.boolean(value=directories.delete(call, request.path, recursive=recursive, context=context))


def _enumerate_deleted_items(call: Call, request: Request, answers: Answers) -> Answer:
    _demand_root(request)
    size = request.number("listsize", least=1) or PAGE_SIZE
    if size > PAGE_SIZE:
        raise Invalid(f"listsize must be a whole number from 1 to {PAGE_SIZE}, not {size}")
    return answers.deleted(
        *trash.listing(call, request.text("hint"), after=request.text("listafter"), size=size)
    )


def _get_acl_status(call: Call, request: Request, answers: Answers) -> Answer:
    # Service principals have no other name than their id, so this changes nothing.
    request.flag("tooid")
    return answers.acl(attributes.acl_status(call, request.path))


def _get_content_summary(call: Call, request: Request, answers: Answers) -> Answer:
    return answers.summary(directories.summary(call, request.path))


def _get_file_status(call: Call, request: Request, answers: Answers) -> Answer:
    request.flag("tooid")
    consistent = request.flag("getconsistentlength")
    return answers.status(directories.status(call, request.path, consistent=consistent))


def _list_status(call: Call, request: Request, answers: Answers) -> Answer:
    request.flag("tooid")
    statuses, token = directories.listing(
        call,
        request.path,
        size=request.number("listsize", least=1),
        after=request.text("listafter"),
        before=request.text("listbefore") or None,
    )
    return answers.listing(statuses, token, request.text("api-version"), request.selected())


def _mkdirs(call: Call, request: Request, answers: Answers) -> Answer:
    directories.make(call, request.path, permission=request.permission())
    return answers.boolean(value=True)


def _modify_acl_entries(call: Call, request: Request, answers: Answers) -> Answer:
    attributes.modify_acl(call, request.path, request.acl_entries())
    return answers.empty(twice=True)


def _open(call: Call, request: Request, answers: Answers) -> Answer | Reader:
    _check_sizes(request)
    offset, length = request.number("offset") or 0, request.number("length")
    reader, count = content.read(call, request.path, offset=offset, length=length)
    if count:
        # Content that cannot be read is reported before the answer's status is sent.
        reader.begin()
        return reader
    reader.close()
    return answers.empty()


def _remove_acl(call: Call, request: Request, answers: Answers) -> Answer:
    attributes.remove_acl(call, request.path)
    return answers.empty(twice=True)


def _remove_acl_entries(call: Call, request: Request, answers: Answers) -> Answer:
    attributes.remove_acl_entries(call, request.path, request.acl_entries(rights=False))
    return answers.empty(twice=True)


def _remove_default_acl(call: Call, request: Request, answers: Answers) -> Answer:
    attributes.remove_default_acl(call, request.path)
    return answers.empty(twice=True)


def _rename(call: Call, request: Request, answers: Answers) -> Answer:
    overwrite = request.choice("renameoptions", ("NONE", "OVERWRITE"), "NONE") == "OVERWRITE"
    destination = checked(request.text("destination"))
    try:
        return answers.boolean(value=directories.rename(call, request.path, destination, overwrite=overwrite))
    except Missing as refusal:
        return answers.boolean(value=False, code=refusal.code)


def _restore_deleted_items(call: Call, request: Request, answers: Answers) -> Answer:
    _demand_root(request)
    trash.restore(
        call,
        request.text("restoretoken"),
        checked(request.text("restoredestination")),
        request.choice("type", trash.TYPES),
        request.choice("restoreaction", (trash.OVERWRITE, trash.COPY)),
    )
    return answers.empty()


def _set_acl(call: Call, request: Request, answers: Answers) -> Answer:
    attributes.set_acl(call, request.path, request.acl_entries())
    return answers.empty(twice=True)


def _set_expiry(call: Call, request: Request, answers: Answers) -> Answer:
    option = request.choice("expiryoption", expiry.EXPIRY_OPTIONS)
    expiry.set_expiry(call, request.path, option, request.number("expiretime"))
    return answers.empty()


def _set_owner(call: Call, request: Request, answers: Answers) -> Answer:
    attributes.set_owner(call, request.path, owner=request.text("owner"), group=request.text("group"))
    return answers.empty()


def _set_permission(call: Call, request: Request, answers: Answers) -> Answer:
    permission = request.permission()
    assert permission is not None
    attributes.set_permission(call, request.path, permission)
    return answers.empty()


def _set_times(call: Call, request: Request, answers: Answers) -> Answer:
    modified, accessed = (
        # -1 leaves a time as it is (Hadoop's WebHDFS).
        None if request.text(name) == "-1" else request.number(name)
        for name in ("modificationtime", "accesstime")
    )
    attributes.set_times(call, request.path, modified=modified, accessed=accessed)
    return answers.empty()


def _demand_root(request: Request) -> None:
    if request.path != "/":
        raise Invalid(f"{request.operation.name} is sent to /, not to {request.path}")


def _writing(request: Request) -> dict[str, Any]:
    return {
        "sync": request.choice("syncflag", content.SYNC_FLAGS, content.CLOSE),
        "lease": request.text("leaseid"),
    }


def _check_sizes(request: Request) -> None:
    # Hadoop's clients send them; the service takes its own (the recordings: one size of block, no copies).
    for name in ("blocksize", "buffersize", "replication"):
        request.number(name)


def _sources(body: bytes) -> list[str]:
    try:
        text = body.decode()
        if not text.lstrip().startswith("{"):
            # Until 2018 clients sent the paths as they are, behind one word (recorded).
            return text.removeprefix("sources=").split(",")
        sources: list[str] = json.loads(text)["sources"]
        if isinstance(sources, list):
            # JSON can write half a surrogate pair, which is not UTF-8.
            "".join(sources).encode()
            return sources
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise Invalid('The content must read {"sources":["/path","/path"]}')


HANDLERS: dict[str, Callable[[Call, Request, Answers], Answer | Reader]] = {
    "APPEND": _append,
    "CHECKACCESS": _check_access,
    "CONCAT": _concat,
    "CONCURRENTAPPEND": _concurrent_append,
    "CREATE": _create,
    "DELETE": _delete,
    "ENUMERATEDELETEDITEMS": _enumerate_deleted_items,
    "GETACLSTATUS": _get_acl_status,
    "GETCONTENTSUMMARY": _get_content_summary,
    "GETFILEINFO": _get_file_status,
    "GETFILESTATUS": _get_file_status,
    "LISTSTATUS": _list_status,
    "MKDIRS": _mkdirs,
    "MODIFYACLENTRIES": _modify_acl_entries,
    "MSCONCAT": _concat,
    "MSGETACLSTATUS": _get_acl_status,
    "MSGETFILESTATUS": _get_file_status,
    "MSLISTSTATUS": _list_status,
    "OPEN": _open,
    "REMOVEACL": _remove_acl,
    "REMOVEACLENTRIES": _remove_acl_entries,
    "REMOVEDEFAULTACL": _remove_default_acl,
    "RENAME": _rename,
    "RESTOREDELETEDITEMS": _restore_deleted_items,
    "SETACL": _set_acl,
    "SETEXPIRY": _set_expiry,
    "SETOWNER": _set_owner,
    "SETPERMISSION": _set_permission,
    "SETTIMES": _set_times,
}
