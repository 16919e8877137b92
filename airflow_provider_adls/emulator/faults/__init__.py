"""Failures on demand: rules that say which requests fail, and how.

They stand in front of the services: neither rules nor stores of a service know of them.
"""

from airflow_provider_adls.emulator.faults.fault import Fault
from airflow_provider_adls.emulator.faults.faults import Faults

__all__ = ["Fault", "Faults"]
