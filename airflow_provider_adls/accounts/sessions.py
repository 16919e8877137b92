"""`management_adapter`: sends the requests of both SDKs to the Resource Manager, and to no other server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.auth.exchange import WholeAnswers
from airflow_provider_adls.model.clouds import CLOUDS

if TYPE_CHECKING:
    import requests
    from azure.core.pipeline.policies import HttpLoggingPolicy
    from azure.core.pipeline.transport import RequestsTransport
    from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient

    from airflow_provider_adls.connection.settings import Network
    from airflow_provider_adls.model.clouds import Cloud

_REQUESTS = logging.getLogger("airflow_provider_adls.accounts.requests")
_SCHEMES = ("https://", "http://")


def management_adapter(url: str, cloud: Cloud, network: Network, **options: Any) -> WholeAnswers:
    """Return an adapter of `requests` for one cloud's Resource Manager.

    A private way to Azure's own Resource Manager answers with links to that, which its tokens are for.

    :param url: base URL of the client.
    :param options: those of `requests.adapters.HTTPAdapter`.
    """
    known = CLOUDS.get(cloud.name)
    origins = [url, *([known.resource_manager] if known else [])]
    return WholeAnswers(network.ca_file, network.proxy, network.timeout, origins=origins, **options)


def bind_client(client: DataLakeStoreAccountManagementClient, cloud: Cloud, network: Network) -> None:
    """Have an SDK client of msrest send its requests by `management_adapter`.

    The client is not given the proxy itself: msrest would log its password.
    """
    if network.ca_file:
        client.config.connection.verify = network.ca_file
    if network.timeout:
        client.config.connection.timeout = network.timeout
    if network.retries is not None:
        client.config.retry_policy.retries = network.retries

    def configure(
        session: requests.Session, config: Any, _: dict[str, Any], **options: Any
    ) -> dict[str, Any]:
        url = config.base_url
        if not isinstance(session.get_adapter(url), WholeAnswers):
            for scheme in _SCHEMES:
                retries = config.retry_policy()
                session.mount(scheme, management_adapter(url, cloud, network, max_retries=retries))
        return options

    client.config.session_configuration_callback = configure


def quiet_log() -> HttpLoggingPolicy:
    """Return azure-core's log of requests, which is silent below WARNING.

    azure-core logs a dozen lines a request at INFO, the level of Airflow's task logs. To see them, set the
    level of the logger ``airflow_provider_adls.accounts.requests``.
    """
    from azure.core.pipeline.policies import HttpLoggingPolicy

    if _REQUESTS.level == logging.NOTSET:
        _REQUESTS.setLevel(logging.WARNING)
    return HttpLoggingPolicy(_REQUESTS)


def bound_transport(cloud: Cloud, network: Network) -> RequestsTransport:
    """Return a transport of azure-core that sends by `management_adapter`."""
    import requests
    from azure.core.pipeline.transport import RequestsTransport

    session = requests.Session()
    for scheme in _SCHEMES:
        session.mount(scheme, management_adapter(cloud.resource_manager, cloud, network))
    return RequestsTransport(session=session)
