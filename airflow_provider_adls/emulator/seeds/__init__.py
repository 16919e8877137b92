"""What an account is filled with: read from this machine, checked, and sent to an emulator."""

from airflow_provider_adls.emulator.seeds.items import Item, SeedError
from airflow_provider_adls.emulator.seeds.reading import read
from airflow_provider_adls.emulator.seeds.sending import Sender

__all__ = ["Item", "SeedError", "Sender", "read"]
