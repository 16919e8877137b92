"""A Gen1 service on this machine, for clients that do not know the difference."""

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
