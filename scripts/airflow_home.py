"""Airflow's home folder and the environment of its processes: all of it ours, none of it the caller's."""

from __future__ import annotations

import base64
import configparser
import json
import os
import secrets
import sys
from collections.abc import Collection
from pathlib import Path
from urllib.parse import quote


def environment(home: Path, emulator_ready_file: Path) -> dict[str, str]:
    """All that the processes see of their surroundings.

    It is made from nothing, so that no proxy, `PYTHONPATH` or `AIRFLOW__…` of the caller changes what
    they do. It holds no secret.

    :param home: Airflow's home folder.
    :param emulator_ready_file: where the emulator says its address; the connection's cloud reads it.
    """
    kept = {name: os.environ[name] for name in ("TMPDIR", "TZ") if name in os.environ}
    return kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AIRFLOW_HOME": str(home),
        "ADLS_GEN1_EMULATOR": str(emulator_ready_file),
    }


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def write_passwords(home: Path, roles: Collection[str]) -> dict[str, str]:
    """Write the passwords of new users, one for each role and called as it is.

    :param home: Airflow's home folder.
    :param roles: roles of Airflow's simple auth manager: viewer, user, op, admin.
    :return: password by user.
    """
    passwords = {role: secrets.token_urlsafe(16) for role in roles}
    # The file's name is the simple auth manager's own.
    write_private(home / "simple_auth_manager_passwords.json.generated", json.dumps(passwords))
    return passwords


def write_config(home: Path, *, dags: Path, port: int, roles: Collection[str] = ()) -> None:
    """Write `airflow.cfg` with keys of its own, for one API server on 127.0.0.1.

    The intervals are short, so that one person's DAG starts at once; a deployment's would not be.

    :param home: Airflow's home folder.
    :param dags: folder of the DAG files.
    :param port: the API server's.
    :param roles: roles that have a user each, who signs in; with none, everybody is an admin.
    """
    url = f"http://127.0.0.1:{port}"
    config = configparser.ConfigParser(interpolation=None)
    config.read_dict(
        {
            "core": {
                "dags_folder": dags,
                "load_examples": False,
                "executor": "LocalExecutor",
                "parallelism": 4,
                "execution_api_server_url": f"{url}/execution/",
                "simple_auth_manager_all_admins": not roles,
                "simple_auth_manager_users": ",".join(f"{role}:{role}" for role in roles),
                "test_connection": "Enabled",
                # A machine that does other things too reads a file of DAGs longer than 30 s.
                "dagbag_import_timeout": 300,
                "fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                # The machine's full name may take a name server that is not there.
                "hostname_callable": "socket.gethostname",
            },
            # One process writes at a time, and on a busy machine the others wait longer than SQLite's 5 s.
            "database": {"sql_alchemy_conn": f"sqlite:///{quote(str(home / 'airflow.db'))}?timeout=60"},
            "api": {
                "base_url": url,
                "workers": 1,
                "secret_key": secrets.token_urlsafe(32),
                "expose_config": "non-sensitive-only",
            },
            "api_auth": {"jwt_secret": secrets.token_urlsafe(64)},
            "logging": {"base_log_folder": home / "logs", "colored_console_log": False},
            "scheduler": {"scheduler_idle_sleep_time": 0.2},
            # A worker that misses its task's end looks again after this; the default holds up the stop.
            "workers": {"min_heartbeat_interval": 1, "execution_api_timeout": 30},
            "dag_processor": {
                "refresh_interval": 5,
                "bundle_refresh_check_interval": 1,
                "dag_file_processor_timeout": 300,
            },
        }
    )
    for section in config.values():
        for key, value in section.items():
            # Airflow reads its file with interpolation.
            section[key] = value.replace("%", "%%")
    home.mkdir(parents=True, exist_ok=True)
    with (home / "airflow.cfg").open("w") as file:
        (home / "airflow.cfg").chmod(0o600)
        config.write(file)
