"""`effect`: checks the arguments of a rule that say how requests fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults import errors
from airflow_provider_adls.emulator.faults.checks import seconds, text, whole
from airflow_provider_adls.emulator.faults.effect import BUSY, THROTTLED, Drop, Effect

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.hosts import Service

#: Arguments of the ways to fail, of which a rule has one.
_ANSWER = ("status", "error", "message", "retry_after", "body")
_WAYS = (_ANSWER, ("drop",), ("truncate",), ("expire_token",))
#: Statuses of answers without content (RFC 9110).
_EMPTY = (204, 205, 304)


def effect(service: Service | None, arguments: dict[str, Any], *, throttles: bool = False) -> Effect:
    """Return the effect of a rule, checked.

    :param service: the only one that the rule is for, if it is.
    :param arguments: by the names of :class:`Effect`; None for those that were not given.
    :param throttles: whether the rule throttles where it is given no other way to fail.
    :raises ArgumentError: for an argument that is invalid or contradicts another, and for no effect at all.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    if given.get("expire_token") is False:
        del given["expire_token"]
    if not given and throttles:
        return Effect(throttles=True)
    if not given:
        raise ArgumentError("status", "the rule does nothing: give status, delay, drop, truncate or the like")
    ways = [next((name for name in way if name in given), None) for way in _WAYS]
    used = [way for way in ways if way]
    if len(used) > 1:
        raise ArgumentError(used[1], f"{used[1]} contradicts {used[0]}: a rule does one of them")
    return Effect(
        **(_answer(service, given, throttles=throttles) if ways[0] else {}),
        delay=seconds("delay", given.get("delay")),
        drop=_drop(given.get("drop")),
        truncate=whole("truncate", given.get("truncate")),
        expire_token=_expire_token(service, given.get("expire_token", False)),
    )


def _answer(service: Service | None, given: dict[str, Any], *, throttles: bool) -> dict[str, Any]:
    status, error = whole("status", given.get("status"), least=200), given.get("error")
    answer = {
        "error": error,
        "message": text("message", given.get("message")),
        "retry_after": whole("retry_after", given.get("retry_after")),
        "body": text("body", given.get("body")),
    }
    if "body" in given:
        for name in ("error", "message"):
            if name in given:
                raise ArgumentError(name, f"{name} contradicts body, which is the whole content")
    if throttles and not {"status", "error", "body"} & given.keys():
        return {"throttles": True, **answer}
    if status is None:
        status = _status(service, given)
    if status > 599 or (status < 400 and "body" not in given) or status in _EMPTY:
        raise ArgumentError(
            "status", f"status must be an error's, 400 to 599, or with body from 200 on, not {status}"
        )
    return {"status": status, **answer}


def _status(service: Service | None, given: dict[str, Any]) -> int:
    if "error" in given:
        assert service is not None
        return errors.default_status(given["error"], service)
    if "retry_after" in given:
        return BUSY if service in ("dfs", "blob") else THROTTLED
    raise ArgumentError("status", "message and body need a status or an error to go with")


def _drop(drop: object) -> Drop | None:
    names: tuple[Drop, ...] = get_args(Drop)
    for name in names:
        if name == drop:
            return name
    if drop is None:
        return None
    raise ArgumentError("drop", f"drop must be one of {', '.join(names)}, not {drop!r}")


def _expire_token(service: Service | None, expire_token: object) -> bool:
    if not isinstance(expire_token, bool):
        raise ArgumentError("expire_token", f"expire_token must be true or false, not {expire_token!r}")
    if expire_token and service == "login":
        raise ArgumentError("expire_token", "expire_token does not apply to sign-ins, which carry no token")
    return expire_token
