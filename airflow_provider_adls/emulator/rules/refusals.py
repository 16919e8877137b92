"""`Refusal`: the errors of the file system, a class for each, with name, status and code.

Codes and texts marked *recorded* stand in recordings of the real service; others are *assumed*: no
source names them, and they were chosen after the service's relatives in Hadoop.
"""

from __future__ import annotations

from typing import ClassVar

#: The Java packages of the exceptions.
_PACKAGES = {
    "AccessControlException": "org.apache.hadoop.security",
    "BadOffsetException": "org.apache.hadoop.fs.adl",
    "FileAlreadyExistsException": "org.apache.hadoop.fs",
    "FileNotFoundException": "java.io",
    "IOException": "java.io",
    "IllegalArgumentException": "java.lang",
    "RuntimeException": "java.lang",
    "SecurityException": "java.lang",
    "ThrottledException": "org.apache.hadoop.fs.adl",
    "UnsupportedOperationException": "java.lang",
}


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """A request that the service refuses.

    :param message: text of the answer before request id and time; `{operation}` in it is the
        operation's name.
    """

    status: int = 400
    #: Value of the `Status` header.
    code: ClassVar[str] = "0x83090001"
    exception: ClassVar[str] = "IllegalArgumentException"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def java_class(self) -> str:
        """Full name of the exception, as the service's Java has it."""
        return f"{_PACKAGES[self.exception]}.{self.exception}"


class Invalid(Refusal):
    """A wrong argument. Exception's name documented, code assumed."""


class Unsupported(Refusal):
    """An unsupported operation. Exception's name documented, code assumed."""

    code = "0x83090002"
    exception = "UnsupportedOperationException"


class Missing(Refusal):
    """A missing file or directory. Recorded."""

    status = 404
    code = "0x8309000A"
    exception = "FileNotFoundException"

    def __init__(self, path: str) -> None:
        super().__init__(f"File/Folder does not exist: {path}")


class Exists(Refusal):
    """An existing file or directory. Status and name documented (Java SDK), code and text assumed."""

    status = 403
    code = "0x8309000D"
    exception = "FileAlreadyExistsException"


class Denied(Refusal):
    """The principal lacks a right. Recorded."""

    status = 403
    code = "0x83090AA2"
    exception = "AccessControlException"

    def __init__(self, subject: str = "{operation}") -> None:
        super().__init__(
            f"{subject} failed with error 0x83090aa2 (Forbidden. ACL verification failed. Either the resource"
            " does not exist or the user is not authorized to perform the requested operation.)."
        )


class BadOffset(Refusal):
    """An offset that the file does not have. Recorded for APPEND."""

    code = "0x83090015"
    exception = "BadOffsetException"

    def __init__(self) -> None:
        super().__init__("{operation} failed with error 0x83090015 (Bad request. Invalid offset.).")


class BeyondEnd(BadOffset):
    """A read that begins beyond the end: the Java SDK takes 416 for the end of the file. Rest assumed."""

    status = 416


class Leased(Refusal):
    """Another writer holds the file open. Status and code documented (Java SDK), the rest assumed."""

    code = "0x83090A16"
    exception = "IOException"

    def __init__(self) -> None:
        super().__init__("{operation} failed with error 0x83090a16 (Bad request. Lease conflict.).")


class NotEmpty(Refusal):
    """A directory with entries, deleted without `recursive`. All but the refusal itself assumed."""

    status = 403
    code = "0x83090010"
    exception = "IOException"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is non empty")


class Sealed(Unsupported):
    """A file that can no longer be written in this way. Refusal documented (.NET SDK), the rest assumed."""


class Conflict(Refusal):
    """An existing entry where an item would be restored. Status documented (.NET SDK), rest assumed."""

    status = 409
    code = "0x8309000D"
    exception = "FileAlreadyExistsException"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} exists already")


class WrongContext(Refusal):
    """Another file than the `fileContextId` names. Name and words documented (Java SDK), status assumed."""

    code = "0x83090003"
    exception = "RuntimeException"

    def __init__(self) -> None:
        super().__init__("{operation} failed: StreamID mismatch")


class Failed(Refusal):
    """A failure of the emulator itself. Name and status documented, code assumed."""

    status = 500
    code = "0x83090003"
    exception = "RuntimeException"
