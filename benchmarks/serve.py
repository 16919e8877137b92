"""Runs a neutral server: `python -m benchmarks.serve SERVICE LATENCY` prints its URL.

SERVICE is `gen1` or `gen2`; each answer waits LATENCY milliseconds.
"""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web

from benchmarks.neutral import Gen1, Service
from benchmarks.neutral_gen2 import Gen2

SERVICES = {"gen1": Gen1, "gen2": Gen2}


async def serve(service: Service) -> None:
    """Serve until killed."""
    runner = web.ServerRunner(web.Server(service.handle, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(SERVICES[sys.argv[1]](float(sys.argv[2]) / 1000)))
