"""`Effect`: how a request fails at which a rule fires."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.hosts import Service

#: Statuses of throttling: storage accounts have their own.
THROTTLED, BUSY = 429, 503
Drop = Literal["before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The failure that a rule causes. Made by :func:`effect_arguments.effect`, which checks it.

    :param status: HTTP status that it answers with; the next four go with it.
    :param error: the service's name for the error.
    :param retry_after: seconds in `Retry-After`.
    :param body: content in place of the service's error.
    :param delay: seconds that the request waits first.
    :param drop: whether the connection breaks off before or after the work is done.
    :param truncate: bytes of the answer's content after which the connection breaks off.
    :param expire_token: whether the request's token has ended.
    :param throttles: whether it is throttled, with the service's own status.
    """

    status: int | None = None
    error: str | None = None
    message: str | None = None
    retry_after: int | None = None
    body: str | None = None
    delay: float | None = None
    drop: Drop | None = None
    truncate: int | None = None
    expire_token: bool = False
    throttles: bool = False

    def at(self, service: Service) -> Effect:
        """Return the effect at a request to a service, which has its own status for throttling."""
        if not self.throttles or self.status is not None:
            return self
        return replace(self, status=BUSY if service in ("dfs", "blob") else THROTTLED)

    @property
    def settles(self) -> bool:
        """Whether it decides the answer; otherwise the request goes on to the service."""
        return self.throttles or self.status is not None or self.drop is not None or self.truncate is not None

    def to_json(self) -> dict[str, Any]:
        """Return the effect by the arguments' names."""
        values = asdict(self) | {"expire_token": self.expire_token or None, "throttles": None}
        return {name: value for name, value in values.items() if value is not None}
