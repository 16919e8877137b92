"""`logger`: the HTTP server's log, with one line for each request that it cannot read."""

from __future__ import annotations

import logging
import re

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

logger = logging.getLogger("airflow_provider_adls.emulator.http")

#: Beginning of a message's quotation of the request, which may hold a token.
_QUOTE = re.compile(r"\n\n|(bytearray\()?b['\"]")


class _Short(logging.Filter):
    """Turns a client's fault into a one-line warning; other errors keep their traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, (HttpProcessingError, RequestPayloadError)):
            said = error.message if isinstance(error, HttpProcessingError) else str(error)
            record.msg = "A request was refused: %s"
            record.args = (" ".join(_QUOTE.split(said)[0].split()).removesuffix(":"),)
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return True


logger.addFilter(_Short())
