"""Files put together into one, so that a try that was broken off is finished by the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fsspec.asyn import sync_wrapper

from airflow_provider_adls.filesystem.attributes import Attributes
from airflow_provider_adls.filesystem.base import explained
from airflow_provider_adls.lake.blocks import blocks
from airflow_provider_adls.lake.uploads import committed, refuse_directory
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient
    from airflow_provider_adls.filesystem.paths import Place

IfExists = Literal["fail", "overwrite", "append"]
IF_EXISTS = ("fail", "overwrite", "append")


class Joins(Attributes):
    """Puts files together, beyond what the one request `concat` does."""

    @explained
    async def _join(
        self,
        path: str,
        sources: list[str],
        if_exists: IfExists = "fail",
        keep_sources: bool = False,  # noqa: FBT001, FBT002 - as the sync face passes it on
        name: str | None = None,
    ) -> bool:
        """Put files together into one.

        The service takes the sources away, at the moment that it puts them together. Unless they are
        appended, that goes to a hidden file beside the destination, which then takes its place: the
        destination is never there in part, and a join that was broken off in between is finished by the
        same call. Sources are kept by copying them through this machine.

        :param path: destination.
        :param sources: files of the same account, in order; copies may come from several.
        :param if_exists: what becomes of a destination that is there; ``append`` leaves it, before them.
        :param keep_sources: whether the sources stay.
        :param name: names the work for who tries again, and does not know the sources any more, of which
            there may be none then; None for the sources' own names.
        :returns: False if an earlier call has done it: no source is there any more, and the destination is.
        :raises PathNotFoundError: for a source that is not there.
        :raises PathExistsError: if the destination is there and may not be, or holds what an earlier join of
            other files of the same names left.
        :raises ValueError: for no sources, one that stands twice, or one that is the destination.
        """
        if if_exists not in IF_EXISTS:
            raise ValueError(f"if_exists must be one of {', '.join(IF_EXISTS)}, not {if_exists!r}")
        where = self._place(path)
        places = [self._place(source) for source in sources]
        differing = {(place.account, place.path) for place in (where, *places)}
        if not (sources or name):
            raise ValueError(f"there are no sources to be joined into {where.name}: they must all differ")
        if len(differing) != len(places) + 1:
            raise ValueError("a join needs sources that all differ, from the destination too")
        if keep_sources and if_exists == "append":
            raise ValueError("what is appended must go: tried again, a join would append it twice")
        if keep_sources:
            await self._copied(where, sources, if_exists)
            return True
        return await self._taken(where, places, if_exists, name or "\0".join(place.path for place in places))

    join = sync_wrapper(_join)

    async def _copied(self, where: Place, sources: list[str], if_exists: IfExists) -> None:
        mode = "overwrite" if if_exists == "overwrite" else "create"
        if mode == "create" and await self._exists(where.name):
            raise _there(where, "it exists and may not be overwritten")
        async with committed(self._upload(where.name, mode)) as upload:
            for name in sources:
                source = await self._source(name)
                if source is None:
                    raise IsADirectoryError(f"{name} is a directory")
                for offset, length in blocks(0, source.size):
                    await upload.write(b"".join(await source.read(offset, length)))
                await source.verify()

    async def _taken(self, where: Place, places: list[Place], if_exists: IfExists, name: str) -> bool:
        client = self._client(where)
        if foreign := [place.name for place in places if place.account != where.account]:
            raise ValueError(f"{foreign[0]} is in another account than {where.name}: keep_sources copies it")
        missing = [place for place in places if not await self._exists(place.name)]
        hidden = paths.join(paths.parent(where.path), paths.kept_name(where.path, name))
        left = if_exists != "append" and await self._exists(where.named(hidden))
        gone = len(missing) == len(places)
        if (missing and not gone) or (gone and not (left or await self._exists(where.name))):
            raise PathNotFoundError(
                "nothing is there, so nothing was put together",
                operation="MSCONCAT",
                path=missing[0].path if missing else name,
                account=where.account,
            )
        if gone and not left:
            return False
        if if_exists == "append":
            await client.concatenate(where.path, [place.path for place in places])
            return True
        await self._refuse(client, where, hidden, if_exists, left=left, gone=gone)
        if not gone:
            await client.concatenate(hidden, [place.path for place in places])
        known = await client.status(hidden)
        await client.rename(hidden, where.path, overwrite=if_exists == "overwrite", known=known)
        return True

    async def _refuse(
        self,
        client: DataLakeClient,
        where: Place,
        hidden: str,
        if_exists: IfExists,
        *,
        left: bool,
        gone: bool,
    ) -> None:
        """Raise if the destination cannot be what the sources become."""
        if left and not gone:
            raise _there(
                where._replace(path=hidden),
                "an earlier join of files of these names ended here: move it or delete it",
            )
        await refuse_directory(client, where.path)
        if if_exists == "fail" and await self._exists(where.name):
            kept = f"; what was put together is in {hidden}" if left else ""
            raise _there(where, f"it exists and may not be overwritten{kept}")


def _there(where: Place, message: str) -> PathExistsError:
    return PathExistsError(message, operation="MSCONCAT", path=where.path, account=where.account)
