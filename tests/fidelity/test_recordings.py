from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from airflow_provider_adls.emulator import Emulator, Principal
from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.store import open_store
from airflow_provider_adls.emulator.webhdfs import Lake, decoded_path
from airflow_provider_adls.model.clouds import DATALAKE_AUDIENCE
from tests.emulator.listening import listening
from tests.fidelity.excuses import REFUSED, excuses
from tests.fidelity.recordings import FILE, load
from tests.fidelity.replay import NewAccount, replay

pytestmark = pytest.mark.skipif(
    not FILE.exists(),
    reason="the recordings of the real service are not beside the repository (shared/golden)",
)


async def token(emulator: Emulator) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "resource": DATALAKE_AUDIENCE,
    }
    url = f"{emulator.url}/{emulator.tenant_id}/oauth2/token"
    tls = ssl.create_default_context(cafile=emulator.ca_file)
    async with aiohttp.ClientSession() as session, session.post(url, data=form, ssl=tls) as answer:
        return str((await answer.json())["access_token"])


@asynccontextmanager
async def signed_in(emulator: Emulator) -> AsyncIterator[aiohttp.ClientSession]:
    """A session that the emulator's file systems let in."""
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=emulator.ca_file))
    headers = {"Authorization": f"Bearer {await token(emulator)}"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        yield session


@asynccontextmanager
async def served(principal: Principal) -> AsyncIterator[NewAccount]:
    """File systems on a port of their own with one principal for all requests, who owns every account."""
    store = open_store(None)
    lake = Lake(store, Clock())
    count = 0

    async def handle(request: web.Request) -> web.StreamResponse:
        _, account, rest = decoded_path(request).split("/", 2)
        return await lake.handle(request, account, f"/{rest}", principal)

    async def new_account() -> str:
        nonlocal count
        count += 1
        lake.create_account(f"run{count}", principal.object_id)
        return f"{address}/run{count}"

    try:
        async with listening(handle) as address:
            yield new_account
    finally:
        store.close()


async def test_every_recorded_exchange_that_can_agree_does(capsys):
    """The emulator answers as the real service did, exchange by exchange."""
    with Emulator() as emulator:
        count = 0

        async def new_account() -> str:
            nonlocal count
            count += 1
            emulator.create_account(f"run{count}")
            return f"{emulator.url}/adls/run{count}"

        async with signed_in(emulator) as session:
            agreement = await replay(load(), session, new_account)
    with capsys.disabled():
        print(f"\n{agreement}")
    assert not agreement.mismatches, "\n".join(agreement.mismatches)
    # As many as the recordings' own description says: no excuse has crept in.
    assert (agreement.agreed, agreement.excused.total()) == (7229, 74)


async def test_what_the_recording_user_was_refused_is_refused_to_an_owner():
    """The exchanges that are excused for a refusal agree too, for a principal who is not a super user."""
    runs = [run for run in load() if REFUSED in excuses(run)]
    assert len(runs) == 2
    principal = Principal("11111111-1111-1111-1111-111111111111", super_user=False)
    async with served(principal) as new_account, aiohttp.ClientSession() as session:
        agreement = await replay(runs, session, new_account, excuse=False)
    assert not agreement.mismatches, "\n".join(agreement.mismatches)
