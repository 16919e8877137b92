"""Errors of the provider, under the name that DAGs have imported; they live in `model.errors`."""

from airflow_provider_adls.model.errors import *  # noqa: F403 - every name of it
