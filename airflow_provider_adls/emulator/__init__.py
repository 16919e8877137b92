"""`Emulator`: a Data Lake Storage service on this machine, which unmodified clients take for the cloud."""

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
