"""`Page`: a web page that shows files, requests and fault rules, at the root of the emulator's URL."""

from airflow_provider_adls.emulator.console.page import Page

__all__ = ["Page"]
