"""`ADLSGen1AccountLink` and `ADLSGen1ReportLink`: buttons of a task's page."""

from __future__ import annotations

import logging
from typing import Any

from airflow.providers.common.compat.sdk import BaseOperatorLink

from airflow_provider_adls.connection.portal import account_page, file_page
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.operators.arguments import is_known

logger = logging.getLogger(__name__)


class ADLSGen1AccountLink(BaseOperatorLink):
    """A button that leads to the account in the Azure portal, or to the emulator's page.

    The portal needs the connection's tenant, subscription and resource group. Airflow 3 asks in the worker,
    at the end of the task, and Airflow 2 in the webserver.
    """

    name = "Data Lake account"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """Return the URL of the page; empty where the connection does not say enough for it."""
        try:
            hook = ADLSGen1Hook(operator.adls_gen1_conn_id, account_name=operator.account_name)
            return self.page(hook, operator, ti_key)
        # A task that cannot connect says why; its button need not.
        except Exception:
            logger.debug("no page for %s of %s", self.name, operator, exc_info=True)
            return ""

    def page(self, hook: ADLSGen1Hook, operator: Any, ti_key: Any) -> str:  # noqa: ARG002 - the report's button reads it
        """Return the URL of the page."""
        return account_page(hook.settings, hook.account_name, getattr(operator, "resource_group", None))


class ADLSGen1ReportLink(ADLSGen1AccountLink):
    """A button that leads to the report of a transfer of many tasks, as a page.

    In the Azure portal it is the page of the file, which has its download, on Gen2; on Gen1 the account's.
    With an emulator it is the emulator's page. A browser that opens a lake's own URL has no token.
    """

    name = "Report"

    def page(self, hook: ADLSGen1Hook, operator: Any, ti_key: Any) -> str:
        """Return the URL of the page."""
        state_path, transfer_id = operator.state_path, operator.transfer_id
        if not all(map(is_known, (state_path, transfer_id))):
            # Airflow 2 gives the operator with its templates, and has stored what a task made of them.
            from airflow.models.renderedtifields import RenderedTaskInstanceFields

            rendered: Any = RenderedTaskInstanceFields.get_templated_fields(ti_key)
            state_path, transfer_id = rendered["state_path"], rendered["transfer_id"]
        place = hook.report_place(state_path, transfer_id)
        return file_page(hook.settings, place.account, place.path)
