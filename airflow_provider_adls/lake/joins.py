"""Joins: files put together into one, so that a try that was broken off is finished by the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from airflow_provider_adls.lake.blocks import blocks
from airflow_provider_adls.lake.sources import lake_source
from airflow_provider_adls.lake.staged import refuse_directory
from airflow_provider_adls.lake.uploads import Replacement, committed
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place

IfExists = Literal["fail", "overwrite", "append"]
IF_EXISTS = ("fail", "overwrite", "append")


async def join(
    target: Place,
    sources: list[Place],
    if_exists: IfExists = "fail",
    *,
    keep_sources: bool = False,
    name: str | None = None,
) -> bool:
    """Put files together into one.

    The service takes the sources away, at the moment that it puts them together. Unless they are
    appended, that goes to a hidden file beside the destination, which then takes its place: the
    destination is never there in part, and a join that was broken off in between is finished by the
    same call. Sources are kept by copying them through this machine.

    :param target: destination.
    :param sources: files of the same account, in order; copies may come from several.
    :param if_exists: treatment of an existing destination; ``append`` leaves it, before them.
    :param keep_sources: whether the sources stay.
    :param name: names the work for a retry that does not know the sources any more, of which there may be
        none then; None for the sources' own names.
    :returns: False if an earlier call has done it: no source exists any more, and the destination does.
    :raises PathNotFoundError: for a source that does not exist.
    :raises PathExistsError: if the destination exists and may not, or holds what an earlier join of other
        files of the same names left.
    :raises ValueError: for no sources, one that stands twice, or one that is the destination.
    """
    if if_exists not in IF_EXISTS:
        raise ValueError(f"if_exists must be one of {', '.join(IF_EXISTS)}, not {if_exists!r}")
    if not (sources or name):
        raise ValueError(f"there are no sources to be joined into {target.name}: they must all differ")
    if len({(place.account, place.path) for place in (target, *sources)}) != len(sources) + 1:
        raise ValueError("a join needs sources that all differ, from the destination too")
    if keep_sources and if_exists == "append":
        raise ValueError("the appended bytes must be removed: tried again, a join would append them twice")
    if keep_sources:
        await _copy(target, sources, if_exists)
        return True
    if foreign := [place.name for place in sources if place.account != target.account]:
        raise ValueError(f"{foreign[0]} is in another account than {target.name}: keep_sources copies it")
    return await _take(target, sources, if_exists, name or "\0".join(place.path for place in sources))


async def _copy(target: Place, sources: list[Place], if_exists: IfExists) -> None:
    exclusive = if_exists != "overwrite"
    if exclusive and await target.view.status(target.path):
        raise _exists(target, "it exists and may not be overwritten")
    async with committed(Replacement(target.client, target.path, exclusive=exclusive)) as upload:
        for place in sources:
            source = await lake_source(place)
            for offset, length in blocks(0, source.size):
                await upload.write(b"".join(await source.read(offset, length)))
            await source.verify()


async def _take(target: Place, sources: list[Place], if_exists: IfExists, name: str) -> bool:
    client, view = target.client, target.view
    missing = [place for place in sources if not await view.status(place.path)]
    hidden = target.beside(paths.kept_name(target.path, name)).path
    left = if_exists != "append" and await view.status(hidden) is not None
    gone = len(missing) == len(sources)
    begun = target.path if if_exists == "append" else hidden
    is_begun = not gone and (left or if_exists == "append")
    if is_begun and await client.finish_concatenation(begun, [place.path for place in sources]):
        if if_exists == "append":
            return True
        left = gone = True
    if (missing and not gone) or (gone and not (left or await view.status(target.path))):
        raise PathNotFoundError(
            "nothing exists there, so nothing was joined",
            path=missing[0].path if missing else name,
            account=target.account,
        )
    if gone and not left:
        return False
    if if_exists == "append":
        await client.concatenate(target.path, [place.path for place in sources])
        return True
    if left and not gone:
        raise _exists(
            target._replace(path=hidden),
            "an earlier join of files of these names ended here: move it or delete it",
        )
    await refuse_directory(client, target.path)
    if if_exists == "fail" and await view.status(target.path):
        kept = f"; the joined content is in {hidden}" if left else ""
        raise _exists(target, f"it exists and may not be overwritten{kept}")
    if not gone:
        await client.concatenate(hidden, [place.path for place in sources])
    known = await client.status(hidden)
    await client.rename(hidden, target.path, overwrite=if_exists == "overwrite", known=known)
    return True


def _exists(place: Place, message: str) -> PathExistsError:
    return PathExistsError(message, path=place.path, account=place.account)
