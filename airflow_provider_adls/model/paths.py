"""Accounts, paths and URLs: one rule, for everything that names a place in a lake.

Inside an account a path is absolute, `/raw/2026/file.csv`. Between accounts a URL names it,
`adl://account.azuredatalakestore.net/raw/2026/file.csv`, with `adl://account/raw/…` understood; and in a
container of a Gen2 account `abfss://container@account.dfs.core.windows.net/raw/2026/file.csv`.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple
from urllib.parse import quote

from airflow_provider_adls.model.clouds import ACCOUNT_SUFFIX, PUBLIC
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.gen2 import checked_container
from airflow_provider_adls.model.redaction import shown

SCHEME = "adl"
#: 3 to 24 lower-case letters and digits (Resource Manager's naming rules, Microsoft.DataLakeStore).
ACCOUNT_NAME = re.compile(r"[a-z0-9]{3,24}")
_URL = re.compile(r"adls?://(?P<host>[^/]*)(?P<path>/.*)?", re.DOTALL | re.IGNORECASE)

#: A place in a container. Airflow's form of other stores, `abfss://conn_id@container/path`, has no such host.
_CONTAINER_URL = re.compile(
    r"abfss?://(?P<container>[^/]*)@(?P<account>[^/@.]*)\.dfs\.(?P<domain>[^/@]+)(?P<path>/.*)?",
    re.DOTALL | re.IGNORECASE,
)

_UNFINISHED = re.compile(r"\.[0-9a-f]{32}(?:[0-9a-f]{48})?\.(part|kept)")
_KEPT = ".kept"
_OTHER_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Location(NamedTuple):
    """A place in a lake: the account, or None for the connection's own, and a path.

    :param account: short name of the account; with a container before it, `container@account`; and outside
        the public cloud with the cloud's domain too, `container@account.dfs.core.chinacloudapi.cn`.
    :param path: absolute path in it.
    """

    account: str | None
    path: str

    def url(self) -> str:
        """Return the place as an `adl://` or `abfss://` URL, with the account's full host name."""
        if not self.account:
            return self.path
        if "@" not in self.account:
            return f"{SCHEME}://{self.account}.{ACCOUNT_SUFFIX}{self.path}"
        suffix = "" if "." in self.account else f".dfs.{PUBLIC.storage_suffix}"
        return f"abfss://{self.account}{suffix}{self.path}"


def account_name(name: str) -> str:
    """Return the short name of an account, from its short or full name.

    :raises PathError: if no account can be called so.
    """
    short = name.strip().lower().removesuffix(f".{ACCOUNT_SUFFIX}")
    if not ACCOUNT_NAME.fullmatch(short):
        raise PathError(
            f"{shown(name)} is not an account name: 3 to 24 lower-case letters and digits,"
            f" or the same followed by .{ACCOUNT_SUFFIX}"
        )
    return short


def lake_name(name: str) -> str:
    """Return what a location names its account by, from an account's name or from `container@account`.

    :raises PathError: if no account, or no container, can be called so.
    """
    container, at, host = name.rpartition("@")
    if not at:
        return account_name(name)
    account, dot, domain = host.lower().partition(".dfs.")
    try:
        container = checked_container(container)
    except ValueError as error:
        raise PathError(str(error)) from None
    known = f".dfs.{domain}" if dot and domain != PUBLIC.storage_suffix else ""
    return f"{container}@{account_name(account)}{known}"


class Container(NamedTuple):
    """A container that a location's account names.

    :param account: short name of the account.
    :param name: the container's name; None where the location names an account alone.
    :param domain: end of its host, after the account and `.dfs.`; None where the location does not say.
    """

    account: str
    name: str | None = None
    domain: str | None = None

    @classmethod
    def of(cls, account: str) -> Container:
        """Return the parts of a location's account."""
        name, _, host = account.rpartition("@")
        short, _, domain = host.partition(".dfs.")
        return cls(short, name or None, domain or (PUBLIC.storage_suffix if name else None))


def is_lake_url(url: str) -> bool:
    """Return whether a URL names a place in a lake."""
    return bool(_URL.fullmatch(url) or _CONTAINER_URL.fullmatch(url))


def normalise(path: str) -> str:
    """Return an absolute path with single slashes, without `.`, `..` or a trailing slash.

    `..` is resolved and cannot climb over the root.

    :raises PathError: for a path with a NUL character.
    """
    if "\0" in path:
        raise PathError(f"path {path!r} holds a NUL character")
    return collapse(path)


def collapse(path: str) -> str:
    """Return the path as :func:`normalise` does, of a name that no lake can hold too."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def parse(path: str) -> Location:
    """Return the location that a `/path`, an `adl://` or an `abfss://` URL names.

    :raises PathError: for a relative path, a URL of another scheme, or a URL without an account.
    """
    if not isinstance(path, str) or not path:
        raise PathError(f"path must be a non-empty string, not {path!r}")
    if match := _URL.fullmatch(path):
        # Airflow's ObjectStoragePath writes the connection before the account, as in a URL's user part.
        host = match["host"].rpartition("@")[2]
        if not host:
            raise PathError(f"{path!r} names no account: adl://account/path")
        return Location(account_name(host), normalise(match["path"] or "/"))
    if match := _CONTAINER_URL.fullmatch(path):
        container = match["container"].rpartition("@")[2]
        name = f"{container}@{match['account']}.dfs.{match['domain']}"
        return Location(lake_name(name), normalise(match["path"] or "/"))
    if _OTHER_URL.match(path):
        raise PathError(
            f"{path!r} is not a place in a lake: use /path, {SCHEME}://account/path, or"
            f" abfss://container@account.dfs.{PUBLIC.storage_suffix}/path"
        )
    if path.startswith("[") and path.endswith("]"):
        raise PathError(
            f"{path!r} is the text of a list, which a template makes of one: give task.output in place of the"
            " template, or the DAG render_template_as_native_obj=True"
        )
    if not path.startswith("/"):
        raise PathError(f"path {path!r} is relative: write /{path}")
    return Location(None, normalise(path))


def parse_possible(path: str, *, glob: bool = False, lake: str = "") -> Location:
    """Return the location as :func:`parse` does, of a name that a lake can hold.

    :param glob: whether the path may be a pattern.
    :param lake: name of the account, in a location, for a path without one; empty if not known.
    :raises PathError: also for a colon in a name, which the service refuses (.NET SDK's tests on the live
        service), and for a pattern with `**` within a name.
    """
    location = parse(path)
    if ":" in location.path and "@" not in (location.account or lake):
        raise PathError(
            f"{path!r} has a colon, which no name in a Gen1 lake can have: {{{{ ts_nodash }}}} has none, and"
            " {{ ts }} and {{ run_id }} do"
        )
    if glob and any("**" in part and part != "**" for part in location.path.split("/")):
        raise PathError(f"{path!r} has ** within a name: it stands for directories, as in /raw/**/day*.csv")
    return location


def is_possible(path: str, lake: str = "") -> bool:
    """Return whether a path or URL could name a file of a lake.

    No name there has a NUL character, what UTF-8 cannot carry, or on Gen1 a colon.

    :param lake: name of the account, in a location, for a path without one; empty if not known.
    """
    if match := _CONTAINER_URL.fullmatch(path) or _URL.fullmatch(path):
        is_gen1, path = "container" not in match.groupdict(), match["path"] or "/"
    else:
        is_gen1 = "@" not in lake
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in path and not (is_gen1 and ":" in path)


def possible_name(text: str) -> str:
    """Return a text as a name of a lake: percent-encoded, so that each has a name of its own.

    A run id has colons, and may have slashes. ``+``, ``=``, ``~`` and spaces stay as they are; ``.`` and
    ``..`` would be directories.
    """
    if text in (".", ".."):
        return text.replace(".", "%2E")
    return quote(text, safe="+=~ ", errors="surrogatepass")


def quoted(path: str) -> str:
    """Return the path as it stands in a request line: all but letters, digits and `_.-~/` percent-encoded."""
    return quote(path, safe="/~")


def parent(path: str) -> str:
    """Return the directory that holds a normalised path; the root is its own."""
    return path.rpartition("/")[0] or "/"


def name(path: str) -> str:
    """Return the last segment of a normalised path; empty for the root."""
    return path.rpartition("/")[2]


def join(directory: str, *names: str) -> str:
    """Return a normalised path below a directory."""
    return normalise("/".join((directory, *names)))


def is_unfinished(path: str) -> bool:
    """Return whether a path ends in the name of a file that is being written, or whose writer was killed."""
    return bool(_UNFINISHED.fullmatch(name(path)))


def kept_name(*work: str) -> str:
    """Return a hidden name that the same work finds again when it is tried again, for what must not be lost.

    :param work: distinguishes the work from other work.
    """
    digest = hashlib.sha256("\0".join(work).encode("utf-8", "surrogatepass")).hexdigest()
    return f".{digest[:32]}{_KEPT}"


def is_kept(path: str) -> bool:
    """Return whether a path ends in such a name: nobody but the same work may remove it."""
    return is_unfinished(path) and path.endswith(_KEPT)
