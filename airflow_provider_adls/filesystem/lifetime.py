"""`Instance`: how long a file system lives, how it survives a fork, and what of it other processes get.

fsspec keeps every instance for good, for the next call with the same options. Ours it keeps for as long
as its last user: a loop that opens and drops file systems leaves no socket behind. Measured on
loopback, a file system that is made anew for one request costs 4 ms more than a kept one, for TLS.
"""

from __future__ import annotations

import functools
import inspect
import os
import weakref
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fsspec import AbstractFileSystem
from fsspec.asyn import AsyncFileSystem, get_loop, sync_wrapper
from fsspec.spec import _Cached

from airflow_provider_adls.filesystem.options import cloud_option
from airflow_provider_adls.model.clouds import Cloud

C = TypeVar("C", bound=type)
_FORKED: list[object] = []
_SECRETS = frozenset({"account_key", "client_secret", "connection_string", "sas_token"})
#: Options whose values are objects: they have no JSON, and two different ones may have one text.
_OBJECTS = frozenset({"credential", "limits", "loop", "retry"})


class Kept(_Cached):
    """The class of file-system classes whose instances live as long as they are used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cache: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Make an instance, or give the one that was made with the same options."""
        # fsspec compares options by their text, in which no credential shows its secret: two that
        # sign in as different people may look the same.
        if any(kwargs.get(name) is not None for name in _OBJECTS):
            kwargs["skip_instance_cache"] = True
        return super().__call__(*args, **kwargs)


class Instance(AsyncFileSystem, metaclass=Kept):
    """A file system that is dropped with its last user, outlives a fork, and hands on no secret."""

    _pid: int

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._options: dict[str, Any] = {}
        self._withheld: list[str] = []

    def _begin_anew(self) -> None:
        """Forget what belongs to the parent of a fork."""

    @property
    def loop(self) -> Any:
        """The event loop that the blocking methods run on; that of this process."""
        if self._pid != os.getpid():
            self._begin_anew()
            self._loop = None if self.asynchronous else get_loop()
            self._pid = os.getpid()
        return self._loop

    @property
    def storage_options(self) -> dict[str, Any]:
        """The options that this was made with, but for secrets."""
        return self._options

    @storage_options.setter
    def storage_options(self, given: dict[str, Any]) -> None:
        # fsspec sets them after the constructor, and hands them on: to pickles, JSON and readers.
        self._withheld = [name for name, value in given.items() if _is_secret(name, value)]
        self._options = {name: value for name, value in given.items() if name not in self._withheld}

    def __reduce__(self) -> tuple[Any, ...]:
        withheld = [*self._withheld]
        if getattr(self._options.get("credential"), "carries_secret", False):
            withheld.append("a credential that holds a secret")
        if withheld:
            raise TypeError(
                f"a file system made with {withheld[0]} is not pickled, for the pickle would carry it:"
                " make it with conn_id=, or with credential=, an object that pickles without its secret"
            )
        reduced: tuple[Any, ...] = super().__reduce__()
        return reduced

    def __deepcopy__(self, memo: dict[int, Any]) -> Instance:
        return self

    def to_dict(self, *, include_password: bool = True) -> dict[str, Any]:  # noqa: ARG002 - fsspec's
        """Return the options as JSON can carry them, without secrets and credential.

        :raises TypeError: for a cloud that has no name to give.
        """
        options = {name: value for name, value in self._options.items() if name not in _OBJECTS}
        if isinstance(cloud := options.get("cloud"), Cloud):
            options["cloud"] = cloud_option(cloud)
        if isinstance(ca_file := options.get("ca_file"), os.PathLike):
            options["ca_file"] = os.fspath(ca_file)
        return {
            "cls": f"{type(self).__module__}:{type(self).__name__}",
            "protocol": self.protocol[0],
            "args": list(self.storage_args),
            **options,
        }


def leave_to_parent(inherited: object) -> None:
    """Keep what the parent of a fork uses, so that nothing in this process ever closes it."""
    _FORKED.append(inherited)


def blocking(cls: C) -> C:
    """Give a class the blocking faces of its coroutine methods.

    fsspec gives them to each instance, which then refers to itself, and stays with its connections until
    the garbage collector comes by.
    """
    for name in dir(cls):
        plain = name[1:]
        if not name.startswith("_") or plain.startswith("_"):
            continue
        method, default = getattr(cls, name), getattr(AbstractFileSystem, plain, None)
        if default is None or getattr(cls, plain) is not default:
            # There is none, or one that was written by hand.
            continue
        if inspect.iscoroutinefunction(method):
            face = sync_wrapper(method)
            face.__doc__ = method.__doc__ or default.__doc__
            setattr(cls, plain, face)
        elif inspect.isasyncgenfunction(method):
            setattr(cls, plain, _same(default))
    return cls


def _same(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that fsspec does not take for its own."""

    @functools.wraps(method)
    def same(*args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    return same


def _is_secret(name: str, value: object) -> bool:
    if name == "proxy":
        return isinstance(value, str) and urlsplit(value).password is not None
    return name in _SECRETS and value is not None
