"""A folder of this machine, checked by `read`, and sent to an account or a container by `Sender`."""

from airflow_provider_adls.emulator.seeds.items import Item, SeedError, read
from airflow_provider_adls.emulator.seeds.lakes import open_account, open_container
from airflow_provider_adls.emulator.seeds.sending import Sender

__all__ = ["Item", "SeedError", "Sender", "open_account", "open_container", "read"]
