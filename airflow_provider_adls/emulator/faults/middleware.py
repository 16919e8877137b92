"""`Middleware`: applies fault rules to requests before they reach a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.faults import errors
from airflow_provider_adls.emulator.faults.disconnect import BrokenOff, break_off, hang_up
from airflow_provider_adls.emulator.faults.subject import read
from airflow_provider_adls.emulator.record import note

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from airflow_provider_adls.emulator.arm.service import ResourceManager
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.faults.effect import Effect
    from airflow_provider_adls.emulator.faults.fault import Fault
    from airflow_provider_adls.emulator.faults.faults import Faults
    from airflow_provider_adls.emulator.faults.subject import Subject
    from airflow_provider_adls.emulator.gen2.service import StorageService
    from airflow_provider_adls.emulator.hosts import Target
    from airflow_provider_adls.emulator.identity.authority import Authority
    from airflow_provider_adls.emulator.identity.directory import Directory
    from airflow_provider_adls.emulator.identity.tokens import Tokens
    from airflow_provider_adls.emulator.lake_service import LakeService
    from airflow_provider_adls.emulator.record import RequestLog

    Serve = Callable[[web.Request, Target], Awaitable[web.StreamResponse]]


class Services(NamedTuple):
    """The services, which turn errors into answers."""

    authority: Authority
    resource_manager: ResourceManager
    lake: LakeService
    storage: StorageService


@dataclass(frozen=True)
class Middleware:
    """Lets requests fail as the rules say, and passes the others on."""

    faults: Faults
    services: Services
    tokens: Tokens
    directory: Directory
    clock: Clock
    log: RequestLog

    @property
    def idle(self) -> bool:
        """Whether no rules are in force, so that requests can bypass this."""
        return not self.faults

    async def handle(self, request: web.Request, where: Target, serve: Serve) -> web.StreamResponse:
        """Answer a request, or let it fail."""
        asked = await read(request, where, self.tokens, self.directory)
        for fault in [] if asked.redirected else self.faults.meet(asked):
            effect = fault.effect
            note(fault=fault.id)
            if effect.expire_token:
                self._end_token(request, fault)
            if effect.delay is not None:
                await fault.hold(effect.delay)
            if effect.settles and not fault.removed:
                return await self._settle(request, where, serve, asked, fault)
        return await serve(request, where)

    async def _settle(
        self, request: web.Request, where: Target, serve: Serve, asked: Subject, fault: Fault
    ) -> web.StreamResponse:
        effect = fault.effect.at(asked.service)
        if effect.drop == "before" or effect.status is not None:
            # No service says what this request was.
            note(
                operation=asked.operation,
                account=asked.account,
                path=asked.path,
                principal=asked.principal,
            )
        if effect.drop == "before":
            while not request.content.at_eof():
                await request.content.readany()
            self.log.end(0)
            hang_up(request.transport)
            return web.Response()
        if effect.status is not None:
            answer = self._answer(request, asked, fault, effect)
            if effect.retry_after is not None:
                answer.headers[hdrs.RETRY_AFTER] = str(effect.retry_after)
            return answer
        break_off(request, effect.truncate)
        try:
            return await serve(request, where)
        except BrokenOff:
            return web.Response()

    def _answer(self, request: web.Request, asked: Subject, fault: Fault, effect: Effect) -> web.Response:
        if effect.body is not None:
            assert effect.status is not None
            kind = "text/html" if effect.body.lstrip().startswith("<") else "text/plain"
            return web.Response(status=effect.status, text=effect.body, content_type=kind)
        words = f"fault rule {fault.id} of the emulator says so"
        match asked.service:
            case "login":
                error = errors.login.error(effect, asked, words, self.directory.tenant_id)
                return self.services.authority.refusal(request, error)
            case "arm":
                return self.services.resource_manager.refusal(
                    errors.arm.error(effect, words, self.directory.tenant_id, self.clock.now())
                )
            case "lake":
                refusal = errors.lake.refusal(effect, asked, words)
                return self.services.lake.refusal(refusal, asked.operation or "", extended=asked.extended)
            case "dfs" | "blob" as face:
                return self.services.storage.refusal(request, face, errors.storage.error(effect))

    def _end_token(self, request: web.Request, fault: Fault) -> None:
        token = request.headers[hdrs.AUTHORIZATION]
        self.tokens.end(token)
        fault.at_removal(lambda: self.tokens.revive(token))
