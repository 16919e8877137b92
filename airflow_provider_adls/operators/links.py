"""`ADLSGen1AccountLink`: a button of a task's page that leads to its account."""

from __future__ import annotations

import logging
from typing import Any

from airflow.providers.common.compat.sdk import BaseOperatorLink

from airflow_provider_adls.connection.portal import account_page
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

logger = logging.getLogger(__name__)


class ADLSGen1AccountLink(BaseOperatorLink):
    """A button that leads to the account in the Azure portal, or to the emulator's page.

    The portal needs the connection's tenant, subscription and resource group. Airflow 3 asks in the worker,
    at the end of the task, and Airflow 2 in the webserver.
    """

    name = "Data Lake account"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow's signature
        """Return the URL of the page; empty where the connection does not say enough for it."""
        try:
            hook = ADLSGen1Hook(operator.adls_gen1_conn_id, account_name=operator.account_name)
            return account_page(hook.settings, hook.account_name, getattr(operator, "resource_group", None))
        # A task that cannot connect says why; its button need not.
        except Exception:
            logger.debug("no page of the account of %s", operator, exc_info=True)
            return ""
