"""Handlers for resource providers, as a subscription or anyone sees them."""

from __future__ import annotations

from airflow_provider_adls.emulator.arm import errors, providers
from airflow_provider_adls.emulator.arm.calls import Answer, Call


def list_all(call: Call) -> Answer:
    """Serve GET of all providers."""
    subscription = call.parameters.get("subscription")
    return Answer(200, {"value": [providers.provider(name, subscription) for name in providers.namespaces()]})


def get(call: Call) -> Answer:
    """Serve GET of a provider; POST of its registration has the same answer, for it is always registered."""
    namespace = call.parameters["namespace"]
    found = providers.provider(namespace, call.parameters.get("subscription"))
    if found is None:
        raise errors.namespace_unknown(namespace)
    return Answer(200, found)


def operations(_call: Call) -> Answer:
    """Serve GET of the operations of Microsoft.DataLakeStore."""
    return Answer(200, providers.operations())
