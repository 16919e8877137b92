"""`ADLSGen1DagBundle`: DAG files from a lake, for Airflow 3."""

from __future__ import annotations

import contextlib
import logging
import shutil
from pathlib import Path
from typing import Any

from airflow.providers.common.compat.sdk import AirflowException, AirflowOptionalProviderFeatureException

try:
    from airflow.dag_processing.bundles.base import BaseDagBundle
except ImportError:
    raise AirflowOptionalProviderFeatureException(
        "ADLSGen1DagBundle needs Airflow 3: older versions have no DAG bundles"
    ) from None

from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.model.paths import parse_possible

logger = logging.getLogger(__name__)
#: Folder that Python writes beside the files that it imports.
_CACHE = "__pycache__"


class ADLSGen1DagBundle(BaseDagBundle):
    """A directory of a lake as a DAG bundle, copied to this machine.

    .. code-block:: ini

        [dag_processor]
        dag_bundle_config_list = [
            {
              "name": "lake",
              "classpath": "airflow_provider_adls.bundles.adls_gen1.ADLSGen1DagBundle",
              "kwargs": {"remote_path": "/dags", "adls_gen1_conn_id": "adls_gen1_default"}
            }
          ]

    A refresh copies the files that have another size or time than their copies, each into its place when
    it is whole, and then removes what the lake has no more. It keeps no versions: a task runs the newest
    files.

    :param remote_path: the directory in the lake: a path of the connection's account, or an ``adl://`` URL.
    :param adls_gen1_conn_id: id of the connection.
    :param kwargs: of Airflow's `BaseDagBundle`: ``name``, ``refresh_interval``, ``view_url_template``.
    :raises PathError: if `remote_path` is not a place in a lake.
    """

    supports_versioning = False

    def __init__(
        self, *, remote_path: str, adls_gen1_conn_id: str = DEFAULT_CONNECTION_ID, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        parse_possible(remote_path)
        self.remote_path = remote_path
        self.adls_gen1_conn_id = adls_gen1_conn_id

    def __repr__(self) -> str:
        return f"<{type(self).__name__}(name={self.name!r}, remote_path={self.remote_path!r})>"

    @property
    def path(self) -> Path:
        """Folder of this machine that has the copies."""
        return self.base_dir

    def initialize(self) -> None:
        """Copy new and changed files, as :meth:`refresh` does.

        :raises AirflowException: if that fails, with the reason. Up to Airflow 3.2 the DAG processor tries
            again after this error, and ends after any other.
        """
        try:
            self.refresh()
        except Exception as error:
            raise AirflowException(
                f"bundle {self.name!r} could not be copied from {self.remote_path}:"
                f" {type(error).__name__}: {error}"
            ) from error
        super().initialize()

    def get_current_version(self) -> None:
        """Return None: a lake keeps no versions of a directory."""

    def refresh(self) -> None:
        """Make the folder like the directory in the lake. One process of a machine does it at a time.

        :raises PathNotFoundError: if the directory does not exist; the copies stay.
        :raises NotADirectoryError: if it is a file.
        :raises ValueError: if the bundle was asked for in a version.
        """
        if self.version:
            raise ValueError(f"bundle {self.name!r} has no versions, and so no version {self.version!r}")
        with self.lock():
            self.path.mkdir(parents=True, exist_ok=True)
            done = self._sync()
            while isinstance(done, OSError):
                self._make_room(done)
                done = self._sync()
            if done["files"] or done["deleted"]:
                logger.info(
                    "bundle %s: %d files copied, %d removed", self.name, done["files"], done["deleted"]
                )
                self._remove_caches()

    def _sync(self) -> dict[str, Any] | OSError:
        """Return the changes, or the error of a name that is a file here and a directory in the lake."""
        # The scheduler knows bundles too, and opens none.
        from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
        from airflow_provider_adls.hooks.ends import lake_end, local_end
        from airflow_provider_adls.hooks.lineage import unrecorded
        from airflow_provider_adls.hooks.running import run
        from airflow_provider_adls.transfer.sync import SyncOptions, sync_trees

        source = lake_end(ADLSGen1Hook(self.adls_gen1_conn_id), self.remote_path)
        options = SyncOptions(compare="exact_time", delete=True, exclude=[_CACHE])
        try:
            with unrecorded():
                target = local_end(str(self.path))
                return run(sync_trees(source, target, options, logger.debug, lambda *_: None))
        except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
            if not self._blocker(error):
                raise
            return error

    def _make_room(self, error: OSError) -> None:
        blocker = self._blocker(error)
        assert blocker
        if blocker.is_dir():
            shutil.rmtree(blocker)
        else:
            blocker.unlink()

    def _blocker(self, error: OSError) -> Path | None:
        """Return what stands in this folder where the lake has something of the other kind, if that is it."""
        path = Path(error.filename or "")
        if not path.is_relative_to(self.path) or path == self.path:
            return None
        above = [one for one in reversed(path.parents) if one.is_relative_to(self.path) and one.is_file()]
        return next((one for one in (*above, path) if one.exists()), None)

    def _remove_caches(self) -> None:
        """Remove compiled files: Python takes one for current if its source's size and second are."""
        for cache in sorted(self.path.rglob(_CACHE)):
            shutil.rmtree(cache, ignore_errors=True)
            # A directory that the lake has no more was kept by the cache alone.
            for folder in cache.relative_to(self.path).parents:
                with contextlib.suppress(OSError):
                    if folder != Path():
                        (self.path / folder).rmdir()
