"""`walk` and `change_each`: a tree listed, and changed, one directory and one item at a time.

They serve a protocol that has no request for a tree, and one whose request was refused.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, NamedTuple, Protocol

from airflow_provider_adls.client.interface import enter_all
from airflow_provider_adls.client.results import AclChanges, Advance
from airflow_provider_adls.model.errors import PathNotFoundError, RequestError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from airflow_provider_adls.client.interface import DataLakeClient, Enters, Fail, TreePage
    from airflow_provider_adls.client.lanes import Lanes
    from airflow_provider_adls.client.results import Page
    from airflow_provider_adls.model.status import FileStatus

#: Directories that are listed at once at least, and items that are changed at once.
WIDTH = 16


class _Part(NamedTuple):
    """A page of a directory that is to be listed.

    :param advance: for pages after the first.
    """

    directory: str
    token: str = ""
    advance: Advance | None = None


class _Lists(Protocol):
    @property
    def account(self) -> str: ...

    @property
    def listing(self) -> str: ...

    @property
    def lanes(self) -> Lanes: ...

    async def list_page(self, path: str, *, token: str, limit: int) -> Page: ...


async def walk(
    client: _Lists, path: str, limit: int, enters: Enters = enter_all, fail: Fail | None = None
) -> AsyncGenerator[TreePage, None]:
    """Yield all below a directory by listing each directory, many at once; `tree_pages` documents it."""
    running: set[asyncio.Task[Page]] = set()
    listed: deque[tuple[asyncio.Task[Page], _Part]] = deque()
    arrived = asyncio.Event()
    waiting = [_Part(path)]

    def begin(part: _Part) -> None:
        if part.advance is not None:
            part.advance.to(part.token)
        task = asyncio.create_task(client.list_page(part.directory, token=part.token, limit=limit))
        running.add(task)

        def end(task: asyncio.Task[Page]) -> None:
            listed.append((task, part))
            arrived.set()

        task.add_done_callback(end)

    try:
        while waiting or running:
            while waiting and len(running) < max(WIDTH, client.lanes.number):
                begin(waiting.pop())
            if not listed:
                arrived.clear()
                await arrived.wait()
            while listed:
                task, part = listed.popleft()
                running.discard(task)
                try:
                    entries, token = task.result().entries, task.result().continuation
                except PathNotFoundError:
                    # Removed after it was listed.
                    if part.directory == path and not part.token:
                        raise
                    continue
                except RequestError as error:
                    if fail is None:
                        raise
                    fail(part.directory, error)
                    continue
                base = "" if part.directory == "/" else part.directory
                # A file is listed as its own only entry, which has no name.
                found = [(f"{base}/{status.name}", status) for status in entries if status.name]
                waiting += [
                    _Part(name) for name, status in found if status.is_directory and enters(name, status)
                ]
                if token:
                    advance = part.advance or Advance(client.listing, part.directory, client.account)
                    waiting.append(part._replace(token=token, advance=advance))
                if found:
                    yield found
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def change_each(
    client: DataLakeClient,
    path: str,
    change: Callable[[str, FileStatus], Awaitable[bool]],
    fail: Fail | None,
) -> AclChanges:
    """Change a path and all below it, item by item, and count.

    Everything is listed before anything is changed, and a directory comes after what it holds: a change that
    takes the caller's own rights away comes to its end.

    :param change: returns whether it applies to an item.
    :param fail: called where an item cannot be listed or changed; None raises the first error.
    """
    root = await client.status(path)
    found = {path: root}
    if root.is_directory:
        async for page in client.tree_pages(path, fail=fail):
            found.update(page)
    levels: dict[int, list[str]] = {}
    for name in found:
        levels.setdefault(0 if name == "/" else name.count("/"), []).append(name)
    directories = files = 0

    async def lane(names: list[str]) -> None:
        nonlocal directories, files
        while names:
            name = names.pop()
            try:
                if not await change(name, found[name]):
                    continue
            except PathNotFoundError:
                # Removed after it was listed.
                continue
            except RequestError as error:
                if fail is None:
                    raise
                fail(name, error)
                continue
            if found[name].is_directory:
                directories += 1
            else:
                files += 1

    for level in sorted(levels, reverse=True):
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(WIDTH, len(levels[level]))):
                    group.create_task(lane(levels[level]))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
    return AclChanges(directories, files)
