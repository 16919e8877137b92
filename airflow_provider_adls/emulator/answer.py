"""Answer: a response whose content is whole."""

from __future__ import annotations

from aiohttp import hdrs, web


class Answer(web.Response):
    """A response that without content has no content type, unless one is set."""

    async def _prepare_headers(self) -> None:
        typed = hdrs.CONTENT_TYPE in self.headers
        await super()._prepare_headers()
        if not typed:
            self.headers.popall(hdrs.CONTENT_TYPE, None)
