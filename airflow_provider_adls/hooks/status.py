"""`StatusMixin`: status, content summary and access of one path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.filesystem.entries import moment
from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.model.errors import AccessDeniedError
from airflow_provider_adls.model.paths import is_possible

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.status import FileStatus


class StatusMixin(PlacesMixin):
    """The hook's methods that look at one path. Errors are those of `gen1.errors`."""

    def exists(self, path: str) -> bool:
        """Return whether a file or directory is at a path."""
        return is_possible(path) and self.find_status(path) is not None

    def get_status(self, path: str) -> dict[str, Any]:
        """Return what exists at a path.

        :returns: `describe` of it.
        :raises PathNotFoundError: if nothing is.
        """
        place = self.place(path)
        client = place.client
        return describe(place, place.path, run(with_hints(client, client.status(place.path))))

    def find_status(self, path: str) -> dict[str, Any] | None:
        """Return what exists at a path; None where nothing does."""
        try:
            return self.get_status(path)
        except FileNotFoundError:
            return None

    def content_summary(self, path: str) -> dict[str, Any]:
        """Return how much is below a path, counted by the service.

        :returns: ``path``, ``directories`` (a directory counts itself), ``files``, ``bytes``.
        :raises PathNotFoundError: if nothing is there.
        """
        place = self.place(path)
        summary = run(with_hints(place.client, place.client.content_summary(place.path)))
        return {
            "path": place.name,
            "directories": summary.directories,
            "files": summary.files,
            "bytes": summary.length,
        }

    def check_access(self, path: str, rights: str, *, ignore_if_denied: bool = False) -> dict[str, Any]:
        """Return whether the connection's principal has rights on a path, and so on all that is above it.

        :param rights: three characters, ``r-x`` for instance.
        :param ignore_if_denied: whether missing rights are an answer, and no error.
        :returns: ``path``, ``rights``, and whether they are ``granted``.
        :raises AccessDeniedError: if they are not, and that is not to be ignored.
        :raises PathNotFoundError: if nothing is there.
        """
        place = self.place(path)
        granted = run(with_hints(place.client, place.client.check_access(place.path, rights)))
        if not (granted or ignore_if_denied):
            raise AccessDeniedError(
                f"this client has not all of the rights {rights}",
                operation="CHECKACCESS",
                path=place.path,
                account=place.account,
            )
        return {"path": place.name, "rights": rights, "granted": granted}


def describe(place: Place, path: str, status: FileStatus) -> dict[str, Any]:
    """Return what the service says of a file or directory, as JSON.

    :param place: names the account.
    :param path: of the file or directory.
    :returns: ``path``; ``type``, ``file`` or ``directory``; ``size`` in bytes; ``modified`` and, if it
        expires, ``expires``, times in ISO 8601; ``owner`` and ``group``, object ids; ``permission``, octal
        digits; ``has_acl``, whether there are entries beyond those that the permission shows.
    """
    expires = status.expiration_time
    return {
        "path": place.named(path),
        "type": "directory" if status.is_directory else "file",
        "size": status.length,
        "modified": moment(status.modification_time).isoformat(),
        "expires": moment(expires).isoformat() if expires else None,
        "owner": status.owner,
        "group": status.group,
        "permission": status.permission,
        "has_acl": status.acl_bit,
    }
