"""Reading a file: the part of the answer that both faces share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.faces import crc64, structured
from airflow_provider_adls.emulator.faces.asks import Reply
from airflow_provider_adls.emulator.faces.ranges import stretch
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import blobs, properties

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faces.asks import Ask
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

#: Bytes of a range whose digest can be asked for (docs).
MAX_DIGESTED = 4 * 1024 * 1024
_MD5, _CRC = "x-ms-range-get-content-md5", "x-ms-range-get-content-crc64"


def read(call: FileCall, ask: Ask, node: Node, headers: dict[str, str]) -> Reply:
    """Return the answer to a read of a file or, without content, a directory.

    :param headers: headers of the face that describe the file.
    :raises StorageError: for a range beyond the end, or digests that cannot be had.
    """
    length = 0 if node.directory else node.synced
    wanted = stretch(ask, length)
    digests = {name for name in (_MD5, _CRC) if ask.header(name).lower() == "true"}
    if len(digests) == len((_MD5, _CRC)):
        raise refused("BothCrc64AndMd5RangeHeaderPresent")
    if digests and wanted.end - wanted.start > MAX_DIGESTED:
        raise refused("OutOfRangeInput")
    headers["Content-Length"] = str(wanted.end - wanted.start)
    if wanted.partial:
        # Of a range, the digest of the whole content goes by another name (docs).
        if (whole := headers.pop(properties.MD5, None)) is not None:
            headers["x-ms-blob-content-md5"] = whole
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.end - 1}/{length}"
    reader = call.store.reader(node.id, wanted.start, wanted.end)
    status = 206 if wanted.partial else 200
    if digests:
        with reader:
            data = b"".join(reader)
        if _MD5 in digests:
            headers[properties.MD5] = blobs.md5(data)
        else:
            headers["x-ms-content-crc64"] = crc64.digest(data)
        return Reply(status, headers, data)
    if ask.header(structured.HEADER):
        with reader:
            return _structured(ask, status, headers, b"".join(reader))
    if wanted.start == wanted.end:
        reader.close()
        return Reply(status, headers)
    # What cannot be read is reported while there is still a status to report it with.
    reader.begin()
    return Reply(status, headers, reader=reader)


def _structured(ask: Ask, status: int, headers: dict[str, str], data: bytes) -> Reply:
    if ask.header(structured.HEADER) != structured.FORM:
        raise refused("InvalidHeaderValue")
    message = structured.encoded(data)
    lengths = {"Content-Length": str(len(message)), structured.LENGTH: str(len(data))}
    return Reply(status, headers | lengths | {structured.HEADER: structured.FORM}, message)
