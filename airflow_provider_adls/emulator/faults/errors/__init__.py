"""`known` and `default_status`: the errors that a rule can answer with, in each service's words.

Errors that a service raises itself are defined with the service, and used from there. Those of an overloaded
or failing service are here: names, codes and statuses by their sources, texts assumed where none gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults.errors import arm, lake, login, storage

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faults.errors.vocabulary import Vocabulary
    from airflow_provider_adls.emulator.hosts import Service

_VOCABULARIES: dict[Service, Vocabulary] = {
    "lake": lake.VOCABULARY,
    "login": login.VOCABULARY,
    "dfs": storage.VOCABULARY,
    "blob": storage.VOCABULARY,
    "arm": arm.VOCABULARY,
}


def known(error: str, service: Service | None) -> tuple[str, Service]:
    """Return an error's name as its service writes it, and the service.

    :param service: the one that it must be of; None for the file system or the authority, whose names
        nobody takes for another's.
    :raises ArgumentError: for a name that the service does not have.
    """
    if not isinstance(error, str):
        raise ArgumentError("error", f"error must be a name, not {error!r}")
    candidates: tuple[Service, ...] = (service,) if service else ("lake", "login")
    for candidate in candidates:
        if name := _VOCABULARIES[candidate].known(error):
            return name, candidate
    forms = (
        f"{vocabulary.form} ({name})" for name, vocabulary in _VOCABULARIES.items() if service in (None, name)
    )
    raise ArgumentError("error", f"error {error!r} is unknown: it must be {'; '.join(forms)}")


def default_status(error: str, service: Service) -> int:
    """Return the status of an error.

    :raises ArgumentError: if it is not known.
    """
    status = _VOCABULARIES[service].statuses.get(error)
    if status is None:
        raise ArgumentError("status", f"status must be given: that of {error} is not known")
    return status
