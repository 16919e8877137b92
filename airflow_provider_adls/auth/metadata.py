"""Clouds that no table knows: their Resource Manager says where one signs in, and for what audience."""

from __future__ import annotations

import functools

import requests
from msrestazure.azure_cloud import (
    CloudEndpointNotSetException,
    MetadataEndpointError,
    get_cloud_from_metadata_endpoint,
)

from airflow_provider_adls.auth.authority import (
    CONNECT_SECONDS,
    READ_SECONDS,
    UNREADABLE,
    redirected,
    unreachable,
)
from airflow_provider_adls.auth.exchange import AnswerTooLongError, OtherOriginError, bounded_session
from airflow_provider_adls.model.clouds import CUSTOM, Cloud, checked_url
from airflow_provider_adls.model.errors import ConnectionFieldError


@functools.lru_cache(maxsize=16)
def discover_cloud(
    resource_manager: str,
    ca_file: str | None = None,
    proxy: str | None = None,
    connect_seconds: float | None = None,
    read_seconds: float | None = None,
) -> Cloud:
    """Return the cloud of a Resource Manager, which is asked once in the life of a process.

    What is asked is ``/metadata/endpoints``, which every Resource Manager answers without a token.

    :param resource_manager: its URL, without a trailing slash.
    :param ca_file: PEM file of the certificate authorities to trust; None for the environment's.
    :param proxy: URL of an HTTP proxy; None for the environment's.
    :param connect_seconds: most that a connection may take.
    :param read_seconds: most that may pass without a byte of the answer.
    :raises SignInError: if it does not answer.
    :raises ConnectionFieldError: if its answer is not that of a Resource Manager.
    """
    timeout = (connect_seconds or CONNECT_SECONDS, read_seconds or READ_SECONDS)
    with bounded_session(ca_file=ca_file, proxy=proxy, timeout=timeout) as session:
        try:
            found = get_cloud_from_metadata_endpoint(resource_manager, CUSTOM, session).endpoints
            return Cloud(
                CUSTOM,
                authority=checked_url(found.active_directory, "loginEndpoint").rstrip("/"),
                resource_manager=resource_manager,
                resource_manager_audience=str(found.active_directory_resource_id),
            )
        except OtherOriginError as error:
            raise redirected(error, resource_manager) from error
        except AnswerTooLongError as error:
            raise _no_resource_manager(resource_manager, error) from error
        except requests.RequestException as error:
            raise unreachable(error, resource_manager, proxy) from error
        except MetadataEndpointError as error:
            cause = error.__context__
            if isinstance(cause, OtherOriginError):
                raise redirected(cause, resource_manager) from error
            if isinstance(cause, AnswerTooLongError):
                raise _no_resource_manager(resource_manager, cause) from error
            if isinstance(cause, requests.RequestException) and not isinstance(cause, ValueError):
                raise unreachable(cause, resource_manager, proxy) from error
            raise _no_resource_manager(resource_manager, error) from error
        except (ValueError, LookupError, CloudEndpointNotSetException, *UNREADABLE) as error:
            raise _no_resource_manager(resource_manager, error) from error


def _no_resource_manager(url: str, error: Exception) -> ConnectionFieldError:
    said = " ".join(str(error).split())
    return ConnectionFieldError(
        f"{url} does not say, at /metadata/endpoints, where one signs in: give authority and Resource Manager"
        f" audience too, or check the URL ({type(error).__name__}: {said})",
        field="resource_manager",
    )
