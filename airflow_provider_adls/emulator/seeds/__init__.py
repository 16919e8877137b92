"""`read` and `Sender`: a folder of this machine, checked, and copied into an account of an emulator."""

from airflow_provider_adls.emulator.seeds.items import Item, SeedError, read
from airflow_provider_adls.emulator.seeds.sending import Sender

__all__ = ["Item", "SeedError", "Sender", "read"]
