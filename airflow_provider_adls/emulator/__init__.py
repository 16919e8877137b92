"""`Emulator`: a Data Lake Storage service on this machine, which unmodified clients take for the cloud."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.emulator import Emulator
    from airflow_provider_adls.emulator.errors import ArgumentError, EmulatorError
    from airflow_provider_adls.emulator.faults import Fault, Faults
    from airflow_provider_adls.emulator.principal import Principal
    from airflow_provider_adls.emulator.record import RequestRecord
    from airflow_provider_adls.emulator.request_list import Requests

__all__ = [
    "ArgumentError",
    "Emulator",
    "EmulatorError",
    "Fault",
    "Faults",
    "Principal",
    "RequestRecord",
    "Requests",
]

if not TYPE_CHECKING:
    #: Modules of the names, which are imported when they are used: commands that only talk to an emulator,
    #: and the completion of a shell, do without the service.
    _MODULES = {
        "ArgumentError": "errors",
        "Emulator": "emulator",
        "EmulatorError": "errors",
        "Fault": "faults",
        "Faults": "faults",
        "Principal": "principal",
        "RequestRecord": "record",
        "Requests": "request_list",
    }

    def __getattr__(name: str) -> object:
        """Import a name when it is used for the first time."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        return value

    def __dir__() -> list[str]:
        """Return the names, for shells that complete them."""
        return sorted({*globals(), *__all__})
