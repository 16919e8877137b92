"""`Control`: the emulator's own HTTP interface, to watch and change it."""

from airflow_provider_adls.emulator.control.actions import About, Parts
from airflow_provider_adls.emulator.control.api import Control

__all__ = ["About", "Control", "Parts"]
