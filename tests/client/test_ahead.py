"""`read_ahead`: which page is requested when."""

from __future__ import annotations

import asyncio

import pytest

from airflow_provider_adls.client.ahead import Listed, read_ahead
from airflow_provider_adls.client.results import Advance
from airflow_provider_adls.model.errors import ServiceFailureError

NEXT = {"a": "b", "b": "c", "c": ""}


class Service:
    """Lists the pages a, b and c; its requests and the readings of its answers are written down in order."""

    def __init__(self, following=NEXT, fails=""):
        self.done = []
        self._following, self._fails = following, fails

    async def request(self, token):
        self.done.append(f"request {token}")
        await asyncio.sleep(0)
        if token == self._fails:
            raise ServiceFailureError("no page", operation="LIST", path="/t", account="lake")
        return Listed(self._following[token], lambda: self.done.append(f"read {token}"))

    def pages(self, **options):
        return read_ahead(self.request, Advance("LIST", "/t", "lake"), "a", **options)


async def all_of(pages):
    return [page async for page in pages]


def test_the_next_page_is_requested_before_one_is_read():
    """While a page is read the service makes the next one."""
    service = Service()
    asyncio.run(all_of(service.pages()))
    assert service.done == ["request a", "request b", "read a", "request c", "read b", "read c"]


def test_no_page_before_it_is_wanted():
    """Where the caller may stop, a page is requested when it is wanted."""
    service = Service()
    asyncio.run(all_of(service.pages(ahead=False)))
    assert service.done == ["request a", "read a", "request b", "read b", "request c", "read c"]


def test_a_caller_that_stops():
    """The request that is in flight then is cancelled: nothing is left behind in the loop."""
    service = Service()

    async def first():
        pages = service.pages()
        await anext(pages)
        await pages.aclose()
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(first()) == set()
    assert service.done == ["request a", "request b", "read a"]


@pytest.mark.parametrize("service", [Service(fails="b"), Service({"a": "b", "b": "a"})])
def test_a_page_that_fails(service):
    """A failed page, and a listing that comes back to a page, raise."""
    with pytest.raises(ServiceFailureError, match=r"no page|does not advance"):
        asyncio.run(all_of(service.pages()))
