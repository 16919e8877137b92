"""`Remote`: the running emulator of a command, found by its ready file and asked over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.errors import EmulatorError, NotRunningError
from airflow_provider_adls.emulator.ready import holder, read_ready

if TYPE_CHECKING:
    import argparse

#: As in the hook: the path of a ready file.
VARIABLE = "ADLS_GEN1_EMULATOR"
#: Seconds that an answer may take.
_TIMEOUT = 30.0


class UnansweredError(EmulatorError):
    """An emulator does not answer at the URL of its ready file."""

    # As LSB's status has it: dead, with its file left.
    exit_status = 1


def add_arguments(action: argparse.ArgumentParser) -> None:
    """Add the options that name an emulator."""
    where = action.add_mutually_exclusive_group()
    where.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help=f"the one of this data folder (default: ~/{well_known.FOLDER})",
    )
    where.add_argument(
        "--ready-file",
        type=Path,
        metavar="PATH",
        help=f"the one that keeps this ready file (default: what {VARIABLE} names)",
    )


def ready_path(arguments: argparse.Namespace) -> Path:
    """Return the path of the named emulator's ready file.

    :raises EmulatorError: if the environment names a URL, behind which no folder is found.
    """
    if arguments.ready_file:
        path: Path = arguments.ready_file
    elif arguments.data:
        path = arguments.data / well_known.READY_FILE
    else:
        named = os.environ.get(VARIABLE)
        if named and "://" in named:
            raise EmulatorError(f"{VARIABLE} is a URL: name the emulator by --data or --ready-file")
        path = Path(named) if named else Path("~") / well_known.FOLDER / well_known.READY_FILE
    return path.expanduser().absolute()


class Remote:
    """The emulator of a ready file.

    :raises NotRunningError: if it is missing.
    :raises EmulatorError: if it is not a ready file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ready = read_ready(path)

    @property
    def process(self) -> int | None:
        """Number of its process, if that is one of this machine that `start` began."""
        try:
            with self.path.open("rb") as file:
                return holder(file)
        except OSError:
            return None

    @property
    def context(self) -> ssl.SSLContext:
        """TLS settings of a client that trusts it alone.

        :raises EmulatorError: without its certificate.
        """
        ca_file = self.ready["ca_file"]
        try:
            return ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            if self.process is None:
                raise self._left_over() from error
            raise EmulatorError(f"certificate {ca_file} cannot be read: {error}") from error

    def ask(self, method: str, path: str, content: Any = None, /, **query: Any) -> dict[str, Any]:
        """Send a request to the control API, and return its answer.

        :param query: parameters; those that are None are left out.
        :raises NotRunningError: if it was killed.
        :raises UnansweredError: if it does not answer, though its process runs.
        :raises EmulatorError: for a refusal, with its own words.
        """
        parts = urlsplit(self.ready["url"])
        given = urlencode({name: value for name, value in query.items() if value is not None})
        body = None if content is None else json.dumps(content)
        # A proxy of the environment is not for this.
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, context=self.context, timeout=_TIMEOUT
        )
        try:
            connection.request(
                method,
                f"{path}?{given}" if given else path,
                body=body,
                headers={"Content-Type": "application/json"} if body else {},
            )
            answer = connection.getresponse()
            found = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._unanswered(error) from error
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise EmulatorError(found["error"]["message"])
        return dict(found)

    def _unanswered(self, error: Exception) -> EmulatorError:
        process = self.process
        if process is None and (isinstance(error, ssl.SSLCertVerificationError) or not self._is_listening()):
            return self._left_over()
        who = f"process {process}" if process else "the emulator"
        return UnansweredError(f"{who} does not answer at {self.ready['url']}: {error}")

    def _is_listening(self) -> bool:
        # One that stopped during the request has hung up, which does not show that it has gone.
        parts = urlsplit(self.ready["url"])
        try:
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=_TIMEOUT).close()
        except ConnectionRefusedError:
            return False
        except OSError:
            pass
        return True

    def _left_over(self) -> NotRunningError:
        return NotRunningError(f"no emulator runs: {self.path} is of one that was killed")
