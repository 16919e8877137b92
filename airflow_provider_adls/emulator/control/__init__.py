"""The emulator's own HTTP interface, beside the service's: what it is doing, and what it is told to do."""

from airflow_provider_adls.emulator.control.about import About
from airflow_provider_adls.emulator.control.actions import Parts
from airflow_provider_adls.emulator.control.api import Control

__all__ = ["About", "Control", "Parts"]
