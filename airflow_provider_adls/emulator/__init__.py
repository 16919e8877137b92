"""`Emulator`: a Data Lake Storage service on this machine, which unmodified clients take for the cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.model.lazy import importing

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

# Commands that only talk to an emulator, and the completion of a shell, do without the service.
__getattr__ = importing(
    __name__,
    {
        **dict.fromkeys(("ArgumentError", "EmulatorError"), "errors"),
        **dict.fromkeys(("Fault", "Faults"), "faults"),
        "Emulator": "emulator",
        "Principal": "principal",
        "RequestRecord": "record",
        "Requests": "request_list",
    },
)
