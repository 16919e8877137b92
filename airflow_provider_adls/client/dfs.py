"""`DfsClient`: the verbs over the Gen2 service, for an account with hierarchical namespace."""

from __future__ import annotations

from airflow_provider_adls.client.dfs_joins import DfsJoins
from airflow_provider_adls.client.dfs_trash import DfsTrash


class DfsClient(DfsJoins, DfsTrash):
    """One container of a Gen2 account: the verbs of :class:`DataLakeClient`, which documents them.

    May be used from several event loops; each has connections of its own. Makes no request until asked. What
    only the account's Blob face can do goes there; its URL follows from that of the DFS face.

    :param account: short name.
    :param container: container of the paths.
    :param endpoint: URL before the container: https, or http on this machine.
    :param credential: any object with ``get_token(*scopes)``, or one that signs requests, as those of
        `auth.storage_key` do.
    :param ca_file: certificates to trust, PEM; None for the environment's or the system's.
    :param proxy: URL of an HTTP proxy; None for the environment's.
    :param retry: rules for repeating failed requests.
    :param limits: bounds of the connections.
    :param scope: scope of the tokens.
    :raises ValueError: for a container that cannot be called so, or an endpoint that would send the token in
        the clear.
    """
