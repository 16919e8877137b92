import errno
import pickle

import pytest

from airflow_provider_adls.model import errors
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    ADLSGen1Error,
    BadOffsetError,
    PathNotFoundError,
    RequestError,
    ServiceError,
    ServiceFailureError,
    error_class,
)

#: `AdlsRemoteException` and what derives from it, in filesystem.json 2016-11-01.
SPECIFIED = {
    "AccessControlException",
    "BadOffsetException",
    "FileAlreadyExistsException",
    "FileNotFoundException",
    "IllegalArgumentException",
    "IOException",
    "RuntimeException",
    "SecurityException",
    "ThrottledException",
    "UnsupportedOperationException",
}


def classes() -> list[type[ADLSGen1Error]]:
    found = [ADLSGen1Error]
    for cls in found:
        found += cls.__subclasses__()
    return [cls for cls in dict.fromkeys(found) if cls.__module__ == errors.__name__]


def test_every_exception_of_the_service_has_a_class():
    """Each exception name of the service's specification is mapped to an error of its own meaning."""
    assert set(errors.REMOTE_EXCEPTIONS) == SPECIFIED


def test_the_docstring_draws_the_whole_tree():
    """No error class is missing from the tree in the module's docstring."""
    drawn = errors.__doc__.split("```")[1].split()
    assert [cls.__name__ for cls in classes() if cls.__name__ not in drawn] == []


@pytest.mark.parametrize("cls", [cls for cls in classes() if issubclass(cls, RequestError)])
def test_an_error_survives_pickling(cls):
    """An error of a request comes back from a pickle with its message, fields and errno."""
    error = cls("went wrong", operation="OPEN", path="/a b", account="lake", status=500, request_id="7")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again), again.errno) == (cls, str(error), vars(error), error.errno)


def test_a_message_says_where_and_what():
    """The message names operation, path, account, status, the service's exception and the request id."""
    error = PathNotFoundError(
        "there is no such file or directory",
        operation="OPEN",
        path="/raw/a b.csv",
        account="lake",
        status=404,
        request_id="3f2a",
        remote_exception="FileNotFoundException",
    )
    assert str(error) == (
        "OPEN /raw/a b.csv in account lake: there is no such file or directory"
        " (HTTP 404, FileNotFoundException, request id 3f2a)"
    )


def test_a_bare_message_stays_as_it_is():
    """An error without fields is its message alone."""
    assert str(ServiceError("went wrong")) == "went wrong"


@pytest.mark.parametrize(
    ("cls", "builtin", "number"),
    [
        (errors.PathNotFoundError, FileNotFoundError, errno.ENOENT),
        (errors.PathExistsError, FileExistsError, errno.EEXIST),
        (errors.AccessDeniedError, PermissionError, errno.EACCES),
        (errors.AccountNotFoundError, ConnectionError, errno.ENXIO),
        (errors.InvalidRequestError, ValueError, errno.EINVAL),
    ],
)
def test_python_knows_our_errors(cls, builtin, number):
    """Code that catches Python's own exception, or looks at errno, is served by ours."""
    error = cls("went wrong")
    assert isinstance(error, builtin)
    assert error.errno == number


@pytest.mark.parametrize(
    ("status", "name", "expected"),
    [
        (400, "BadOffsetException", BadOffsetError),
        (403, "FileAlreadyExistsException", errors.PathExistsError),
        (403, None, errors.AccessDeniedError),
        (404, "SomethingNewException", PathNotFoundError),
        (418, None, ServiceError),
        (599, None, ServiceFailureError),
    ],
)
def test_name_goes_before_status(status, name, expected):
    """The service's exception name decides; the HTTP status where there is no name that we know."""
    assert error_class(status, name) is expected


def test_a_missing_account_differs_from_a_missing_file():
    """Code that treats a missing file as nothing to do does not swallow a missing account."""
    assert not issubclass(AccountNotFoundError, FileNotFoundError)


@pytest.mark.parametrize("copied", [True, False])
def test_a_changed_source_survives_pickling(copied):
    """The error for a source that changed comes back from a pickle with its path and its words."""
    error = errors.SourceChangedError("/raw/a b.csv", copied=copied)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.path) == (type(error), str(error), "/raw/a b.csv")


def test_an_error_by_the_name_of_its_class():
    """The error that another process names comes back as its class; a foreign name stays in the message."""
    assert type(errors.named_error("PathNotFoundError", "gone")) is PathNotFoundError
    assert str(errors.named_error("KeyError", "gone")) == "KeyError: gone"
