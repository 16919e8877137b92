"""A folder of this machine, checked by `read`, and sent to an account or a container by `Sender`."""

from airflow_provider_adls.emulator.seeds.accounts import AccountSender, make_account
from airflow_provider_adls.emulator.seeds.containers import ContainerSender
from airflow_provider_adls.emulator.seeds.items import Item, SeedError, read
from airflow_provider_adls.emulator.seeds.sending import Sender

__all__ = ["AccountSender", "ContainerSender", "Item", "SeedError", "Sender", "make_account", "read"]
