"""The private parts of aiohttp that the client uses are still there, and do what they are used for."""

from __future__ import annotations

import aiohttp

from airflow_provider_adls.client.compat import TrackedConnector, forbid_repeats
from tests.standin import endless, stand_in


async def test_connections_are_tracked():
    """Each connection is made by the method that is overridden, and an end to all of them closes it."""
    assert "_create_connection" in vars(aiohttp.TCPConnector)
    with stand_in(lambda _: endless(b"x", Content_Length="1000000000")) as server:
        connector = TrackedConnector()
        async with aiohttp.ClientSession(connector=connector) as session:
            response = await session.get(server.url)
            (transport,) = connector._transports
            assert not transport.is_closing()
            await connector.hang_up()
            assert transport.is_closing()
            response.close()


async def test_no_request_is_sent_twice():
    """The switch is there, and on until it is turned off."""
    async with aiohttp.ClientSession() as session:
        assert session._retry_connection is True
        forbid_repeats(session)
        assert session._retry_connection is False
