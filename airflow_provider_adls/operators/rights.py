"""Operators for permissions and owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import templated
from airflow_provider_adls.operators.base import ADLSGen1BulkOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1SetPermissionOperator(ADLSGen1BulkOperator):
    """Set the permission of files and directories.

    .. code-block:: python

        ADLSGen1SetPermissionOperator(
            task_id="open", path="/curated/{{ ds }}", permission="u=rwX,g=rX,o=", recursive=True
        )
    """

    arguments = (
        templated(
            "permission",
            kinds.mode,
            "octal digits such as ``750``, or what ``chmod`` takes, such as ``u=rwX,g+r,o=``: ``X`` stands "
            "for directories, and files that are executable already. In an ACL with named entries, the "
            "group's digit sets the mask",
            required=True,
        ),
    )

    def __init__(self, *, permission: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.permission = permission
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set the permission."""
        return hook.set_permission(self.path, self.permission, **self.options(preview=preview))


class ADLSGen1SetOwnerOperator(ADLSGen1BulkOperator):
    """Set the owner of files and directories, their owning group, or both.

    .. code-block:: python

        ADLSGen1SetOwnerOperator(
            task_id="hand_over", path="/curated", new_group="{{ var.value.analysts }}", recursive=True
        )

    Only a super user of the account may change the owner; an owner may choose a group that they are in.
    """

    # Not `owner`, which in every Airflow operator is the person responsible for the task.
    arguments = (
        templated(
            "new_owner", kinds.text, "object id of a user or service principal; None leaves it unchanged"
        ),
        templated("new_group", kinds.text, "object id of a group; None leaves it unchanged"),
    )

    def __init__(self, *, new_owner: str | None = None, new_group: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.new_owner = new_owner
        self.new_group = new_group
        self.validate()

    def validate_together(self) -> None:
        """Refuse a change of nothing."""
        if self.new_owner is None and self.new_group is None:
            raise self.error("new_owner", "set new_owner or new_group")

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set owner and group."""
        return hook.set_owner(
            self.path, owner=self.new_owner, group=self.new_group, **self.options(preview=preview)
        )
