"""The few calls of Airflow's REST API that the demo needs, with the standard library alone."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlencode

#: States that a run or a task does not leave any more.
FINAL = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
#: Seconds for one answer: the server shares two cores with all that it serves.
TIMEOUT = 120.0


class AirflowApiError(Exception):
    """Airflow answered with an error, or did not answer."""


class AirflowApi:
    """Airflow's REST API. Who has not signed in is what its simple auth manager takes everybody for.

    :param url: address of the API server.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        # The caller's proxies are none of this machine's business.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def signed_in(self, user: str, password: str) -> AirflowApi:
        """The same API, called by a user of the simple auth manager."""
        api = AirflowApi(self.url)
        token = self._send("POST", "auth/token", {"username": user, "password": password})["access_token"]
        api._headers["Authorization"] = f"Bearer {token}"
        return api

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Decoded JSON answer of one call of the public API, version 2.

        :param path: below ``/api/v2``.

        :raises AirflowApiError: if there is none; its text says what was asked and what was answered.
        """
        return self._send(method, f"api/v2/{path}" + (f"?{urlencode(query)}" if query else ""), body)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the address is our own server's
            f"{self.url}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=self._headers,
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                reason = error.read()[:500].decode(errors="replace")
            raise AirflowApiError(f"{method} {path}: HTTP {error.code}: {reason}") from None
        except (OSError, ValueError) as error:
            raise AirflowApiError(f"{method} {path}: {error}") from None
        return json.loads(text) if text else None

    def unhealthy(self) -> list[str]:
        """The components that do not report themselves healthy yet."""
        try:
            # The first call to the API that tasks use builds it, which takes seconds.
            self._send("GET", "execution/health")
            health = self.call("GET", "monitor/health")
        except AirflowApiError:
            return ["api-server"]
        parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
        return [part.replace("_", "-") for part in parts if (health[part] or {}).get("status") != "healthy"]

    def has_dag(self, dag: str) -> bool:
        """Whether the DAG was parsed and stored."""
        try:
            self.call("GET", f"dags/{quote(dag)}")
        except AirflowApiError:
            return False
        return True

    def import_errors(self) -> dict[str, str]:
        """Stack trace of each DAG file that could not be read."""
        errors = self.call("GET", "importErrors")["import_errors"]
        return {error["filename"]: error["stack_trace"] for error in errors}

    def trigger(self, dag: str, conf: dict[str, Any]) -> str:
        """Start a run of a DAG, paused or not, and return its id."""
        self.call("PATCH", f"dags/{quote(dag)}", {"is_paused": False})
        run = self.call("POST", f"dags/{quote(dag)}/dagRuns", {"logical_date": None, "conf": conf})
        return str(run["dag_run_id"])

    def run_state(self, dag: str, run: str) -> str:
        """State of a run: queued, running, success or failed."""
        return str(self.call("GET", self._run(dag, run))["state"])

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """The run's task instances, with state, times and rendered fields."""
        found = self.call("GET", f"{self._run(dag, run)}/taskInstances", limit=100)["task_instances"]
        return list(found)

    def xcoms(self, dag: str, run: str) -> list[dict[str, Any]]:
        """Every XCom of the run, with its value."""
        path = f"{self._run(dag, run)}/taskInstances"
        entries = self.call("GET", f"{path}/~/xcomEntries", limit=100)["xcom_entries"]
        return [
            self.call(
                "GET",
                f"{path}/{quote(entry['task_id'])}/xcomEntries/{quote(entry['key'])}",
                map_index=entry["map_index"],
            )
            for entry in entries
        ]

    def xcom(self, dag: str, run: str, task: str) -> Any:
        """What a task returned."""
        path = f"{self._run(dag, run)}/taskInstances/{quote(task)}/xcomEntries/return_value"
        return self.call("GET", path, deserialize="true")["value"]

    def _run(self, dag: str, run: str) -> str:
        return f"dags/{quote(dag)}/dagRuns/{quote(run)}"
