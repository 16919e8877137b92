"""A page that shows what the emulator holds and does, at the root of its URL."""

from airflow_provider_adls.emulator.console.page import Page

__all__ = ["Page"]
