"""The file systems behind the accounts, and the handlers of the two faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.blob.face import blob_face
from airflow_provider_adls.emulator.dfs.face import dfs_face
from airflow_provider_adls.emulator.rules.gen2.namespaces import Namespaces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.faces.serving import KeepRetention
    from airflow_provider_adls.emulator.gen2.answers import Face
    from airflow_provider_adls.emulator.gen2.service import Handler
    from airflow_provider_adls.emulator.store import Store


def mounted(
    store: Store, clock: Clock, keep_retention: KeepRetention
) -> tuple[Namespaces, Mapping[Face, Handler]]:
    """Return the file systems over a store, and what answers requests to them, by face.

    :param keep_retention: stores with an account how many days it keeps deleted paths.
    """
    namespaces = Namespaces(store, clock)
    return namespaces, {
        "dfs": dfs_face(namespaces, keep_retention),
        "blob": blob_face(namespaces, keep_retention),
    }
