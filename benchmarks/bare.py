"""The other side of the emulator's benchmarks: aiohttp over the same TLS, which does nothing else.

`python -m benchmarks.bare FOLDER FILE` prints its URL, reads the body of every PUT and PATCH and forgets it,
and answers every GET with FILE.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiohttp import web

from airflow_provider_adls.emulator.tls import certificates

CHUNK = 256 * 1024


async def put(request: web.Request) -> web.Response:
    """Read what was sent."""
    await request.read()
    return web.Response(status=201)


async def get(request: web.Request) -> web.StreamResponse:
    """Send the file as a handler of one's own would, in chunks."""
    answer = web.StreamResponse()
    answer.enable_chunked_encoding()
    await answer.prepare(request)
    with Path(sys.argv[2]).open("rb") as file:  # noqa: ASYNC230 - as the emulator reads, so that like is compared
        while chunk := file.read(CHUNK):
            await answer.write(chunk)
    await answer.write_eof()
    return answer


async def serve() -> None:
    """Serve until killed."""
    application = web.Application(client_max_size=2**30)
    application.router.add_put("/{path:.*}", put)
    application.router.add_patch("/{path:.*}", put)
    application.router.add_get("/{path:.*}", get)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    context = certificates(Path(sys.argv[1])).server_context("https://127.0.0.1")
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    print(f"https://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
