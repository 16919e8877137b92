"""Who may do what with directories and files of Azure Data Lake Storage Gen1, and how long files stay.

It runs wherever a connection `adls_gen1_default` leads to a Gen1 service, in a folder of its own, which it
deletes at its end.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.common.compat.sdk import Param, chain, dag, task

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.operators.acls import (
    ADLSGen1GetAclOperator,
    ADLSGen1ModifyAclOperator,
    ADLSGen1RemoveAclEntriesOperator,
    ADLSGen1RemoveAclOperator,
    ADLSGen1RemoveDefaultAclOperator,
    ADLSGen1SetAclOperator,
)
from airflow_provider_adls.operators.content import ADLSGen1CreateFileOperator
from airflow_provider_adls.operators.expiry import ADLSGen1ClearExpiryOperator, ADLSGen1SetExpiryOperator
from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator, ADLSGen1ListOperator
from airflow_provider_adls.operators.rights import ADLSGen1SetOwnerOperator, ADLSGen1SetPermissionOperator
from airflow_provider_adls.operators.status import ADLSGen1CheckAccessOperator

#: Names in the lake hold no colon, and ids of runs do.
FOLDER = "/adls_gen1_rights/{{ run_id | replace(':', '.') }}"
READER = "{{ params.reader }}"


@dag(
    schedule=None,
    tags=["example", "adls_gen1"],
    params={
        "reader": Param(
            "3f1d2c4b-0000-4000-8000-000000000001",
            type="string",
            description="Object id of the user or group that is let in",
        )
    },
    doc_md=__doc__,
)
def adls_gen1_rights():
    """Make a tree; set permissions, owner, ACLs and expiry; look; clean up."""
    # [START mapped]
    files = ADLSGen1CreateFileOperator.partial(task_id="files", data="1\n").expand(
        path=[f"{FOLDER}/a.csv", f"{FOLDER}/day/b.csv", f"{FOLDER}/day/c.csv"]
    )
    # [END mapped]

    # [START check_access]
    may_write = ADLSGen1CheckAccessOperator(task_id="may_write", path=FOLDER, rights="-wx")
    # [END check_access]

    # [START permission]
    permission = ADLSGen1SetPermissionOperator(
        task_id="permission", path=FOLDER, permission="u=rwX,g=rX,o=", recursive=True
    )
    # [END permission]

    # [START owner]
    owner = ADLSGen1SetOwnerOperator(task_id="owner", path=FOLDER, new_group=READER, recursive=True)
    # [END owner]

    # [START set_acl]
    set_acl = ADLSGen1SetAclOperator(
        task_id="set_acl", path=f"{FOLDER}/day", acl="user::rwx,group::r-x,other::---", recursive=True
    )
    # [END set_acl]

    # [START modify_acl]
    let_in = ADLSGen1ModifyAclOperator(
        task_id="let_in",
        path=FOLDER,
        # Directories get the default entry too, so that what is made in them later lets the reader in.
        acl=[f"user:{READER}:r-x", f"default:user:{READER}:r-x"],
        recursive=True,
        continue_on_failure=True,
    )

    @task
    def check(result: dict[str, Any]) -> int:
        """Fail if anything could not be changed, and say what."""
        if result["failed"]:
            raise ValueError(f"{result['failed']} failed, at first {result['failures'][0]}")
        return result["files"]

    # [END modify_acl]

    # [START get_acl]
    get_acl = ADLSGen1GetAclOperator(task_id="get_acl", path=f"{FOLDER}/day")
    # [END get_acl]

    # [START remove_acl]
    let_out = ADLSGen1RemoveAclEntriesOperator(
        task_id="let_out", path=f"{FOLDER}/day", acl=f"user:{READER}", recursive=True
    )
    no_defaults = ADLSGen1RemoveDefaultAclOperator(task_id="no_defaults", path=FOLDER, recursive=True)
    plain = ADLSGen1RemoveAclOperator(task_id="plain", path=f"{FOLDER}/**", preview=True)
    # [END remove_acl]

    # [START expiry]
    expire = ADLSGen1SetExpiryOperator(
        task_id="expire", path=FOLDER, expires_in=timedelta(days=30), recursive=True
    )
    expire_at = ADLSGen1SetExpiryOperator(
        task_id="expire_at", path=f"{FOLDER}/day/*.csv", expires_at="2050-01-01T00:00:00+00:00"
    )
    keep = ADLSGen1ClearExpiryOperator(task_id="keep", path=[f"{FOLDER}/a.csv"])
    # [END expiry]

    found = ADLSGen1ListOperator(task_id="found", path=FOLDER, recursive=True, detail=True)

    # [START hook]
    @task
    def entries(folder: str) -> list[str]:
        """The same by the hook, in a task of one's own."""
        hook = ADLSGen1Hook()
        hook.set_permission(folder, "o-rwx", recursive=True)
        return hook.get_acl(folder)["entries"]

    # [END hook]

    clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=FOLDER, recursive=True)
    chain(files, may_write, permission, owner, set_acl, let_in, check(let_in.output), get_acl)
    chain(get_acl, let_out, no_defaults, plain, expire, expire_at, keep, found)
    chain(found, entries(FOLDER), clean_up.as_teardown(setups=files))


adls_gen1_rights()
