"""`KEEP` and `FAIL_UNLESS_KEPT`, the arguments of transfers between lakes that keep attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.ends import is_lake, scheme_of
from airflow_provider_adls.lake.keep import parse_keep
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import flag, is_known, templated

if TYPE_CHECKING:
    from airflow_provider_adls.operators.base import ADLSGen1Operator

KEEP = templated(
    "keep",
    kinds.keep,
    "what files and directories get from their sources when all are copied, a name or a list:"
    " ``permission`` (access control lists too), ``owner`` (and group), ``expiry``, ``times`` (of the last"
    " change). Only what differs costs requests. What the destination refuses is logged and"
    " returned, and is not an error",
)
FAIL_UNLESS_KEPT = flag(
    "fail_unless_kept", "whether the task fails, when all is copied, if something could not be kept"
)
#: The further members of the result of a task with `keep`.
RETURNED = (
    "with `keep` also ``kept`` and ``not_kept``, the numbers of paths by attribute, and the first 100"
    " ``not_kept_paths``"
)


def validate_keep(operator: ADLSGen1Operator, keep: Any, *ends: str) -> None:
    """Refuse to keep what cannot be kept, as far as that is known at parse.

    :param ends: the names of the arguments with source and destination.
    """
    if keep is None or not is_known(keep) or not (names := parse_keep(keep)):
        return
    for name in ends:
        path = getattr(operator, name)
        known = [one for one in ([path] if isinstance(path, str) else path or ()) if is_known(one)]
        if outside := [one for one in known if isinstance(one, str) and not is_lake(one)]:
            raise operator.error("keep", f"{outside[0]} is not in a lake, and has no {names[0]} to keep")
    destination = getattr(operator, ends[-1])
    if "times" in names and is_known(destination) and _is_gen2(destination):
        raise operator.error("keep", f"times cannot be set on Gen2, where {destination} is")


def _is_gen2(path: Any) -> bool:
    return isinstance(path, str) and path.lower().startswith("abfss:") and scheme_of(path) == "abfss"
