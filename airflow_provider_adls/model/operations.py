"""The operations of the file system's REST API: verb, path prefix and parameters of each.

Source, where no other is named: azure-rest-api-specs, datalake-store/data-plane,
filesystem.json 2016-11-01, and `azure.datalake.store.lib.DatalakeRESTInterface.ends` (1.0.1).
"""

from __future__ import annotations

from dataclasses import dataclass

WEBHDFS = "/webhdfs/v1"
WEBHDFS_EXT = "/webhdfsext"
#: API version of the Python SDK since 0.0.44; earlier versions' listings have no continuation token.
API_VERSION = "2018-09-01"
#: A request body may hold this many bytes, in CREATE and APPEND alike (filesystem.json; SDK's chunks).
MAX_BODY = 4 * 1024 * 1024
#: Bytes for a request's URL, and for the `Location` of CREATE's answer, which repeats it: a path may have
#: thousands of characters, each of which takes up to twelve there. No source names the service's own limit.
MAX_URL = 64 * 1024
#: Entries in a page of a listing where the client asks for no other number (SDK `_ls`).
PAGE_SIZE = 4000


@dataclass(frozen=True)
class Operation:
    """One operation: how its request looks.

    :param name: value of the `op` parameter, in upper case.
    :param verb: HTTP method.
    :param parameters: names of its own query parameters, in lower case; the service compares
        without case. `op`, `api-version` and `user.name` go with any operation.
    :param required: those of them without which it is refused.
    :param prefix: first part of the request's path.
    :param body: whether the request carries content.
    """

    name: str
    verb: str
    parameters: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    prefix: str = WEBHDFS
    body: bool = False


def _operation(
    name: str,
    verb: str,
    parameters: str = "",
    required: str = "",
    *,
    prefix: str = WEBHDFS,
    body: bool = False,
) -> Operation:
    needed = frozenset(required.split())
    return Operation(name, verb, frozenset(parameters.split()) | needed, needed, prefix, body)


_LISTING = "listsize listafter listbefore tooid select"
_WRITING = "syncflag leaseid filesessionid"
#: Parameters of Hadoop's WebHDFS that HdfsCLI sends: numbers, whose values the service sets itself.
_HADOOP = "blocksize buffersize replication"

OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        _operation("APPEND", "POST", f"append offset buffersize {_WRITING}", body=True),
        _operation("CHECKACCESS", "GET", required="fsaction"),
        _operation("CONCAT", "POST", "sources", body=True),
        _operation("CONCURRENTAPPEND", "POST", "appendmode syncflag", prefix=WEBHDFS_EXT, body=True),
        _operation(
            "CREATE", "PUT", f"write overwrite permission createparent {_HADOOP} {_WRITING}", body=True
        ),
        _operation("DELETE", "DELETE", "recursive filecontextid"),
        _operation("ENUMERATEDELETEDITEMS", "GET", "listafter listsize", "hint"),
        _operation("GETACLSTATUS", "GET", "tooid"),
        _operation("GETCONTENTSUMMARY", "GET"),
        _operation("GETFILEINFO", "GET", "tooid", prefix=WEBHDFS_EXT),
        _operation("GETFILESTATUS", "GET", "tooid getconsistentlength"),
        _operation("LISTSTATUS", "GET", _LISTING),
        _operation("MKDIRS", "PUT", "permission"),
        _operation("MODIFYACLENTRIES", "PUT", required="aclspec"),
        _operation("MSCONCAT", "POST", "sources deletesourcedirectory", body=True),
        _operation("MSGETACLSTATUS", "GET", "tooid"),
        _operation("MSGETFILESTATUS", "GET", "tooid getconsistentlength"),
        _operation("MSLISTSTATUS", "GET", _LISTING),
        _operation("OPEN", "GET", "read offset length filesessionid speculative buffersize"),
        _operation("REMOVEACL", "PUT"),
        _operation("REMOVEACLENTRIES", "PUT", required="aclspec"),
        _operation("REMOVEDEFAULTACL", "PUT"),
        _operation("RENAME", "PUT", "renameoptions", "destination"),
        _operation("RESTOREDELETEDITEMS", "PUT", "restoreaction", "restoretoken restoredestination type"),
        _operation("SETACL", "PUT", required="aclspec"),
        _operation("SETEXPIRY", "PUT", "expiretime", "expiryoption", prefix=WEBHDFS_EXT),
        _operation("SETOWNER", "PUT", "owner group"),
        _operation("SETPERMISSION", "PUT", required="permission"),
        _operation("SETTIMES", "PUT", "modificationtime accesstime"),
    )
}
#: Parameters that any operation takes.
COMMON_PARAMETERS = frozenset({"op", "api-version", "user.name"})
