"""What is handed on of a file system, to JSON, pickles and whoever looks: never a secret."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from airflow_provider_adls.filesystem.lifetime import Instance
from airflow_provider_adls.filesystem.options import cloud_option
from airflow_provider_adls.model.clouds import Cloud

#: Options whose values JSON has no words for, and which a reader of it gives anew.
_SECRETS = frozenset({"account_key", "client_secret", "connection_string", "sas_token"})
_OBJECTS = frozenset({"credential", "limits", "loop", "retry"})


class Portable(Instance):
    """A file system whose options may be looked at, and that goes to other processes."""

    _options: dict[str, Any]
    _withheld: list[str]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._options = {}
        self._withheld = []

    @property
    def storage_options(self) -> dict[str, Any]:
        """The options that this was made with, but for secrets."""
        return self._options

    @storage_options.setter
    def storage_options(self, given: dict[str, Any]) -> None:
        # fsspec sets them after the constructor, and hands them on: to pickles, JSON and whoever looks.
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

    def __deepcopy__(self, memo: dict[int, Any]) -> Portable:
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


def _is_secret(name: str, value: object) -> bool:
    if name == "proxy":
        return isinstance(value, str) and urlsplit(value).password is not None
    return name in _SECRETS and value is not None
