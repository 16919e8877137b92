"""Operators for access control lists.

An entry reads ``user:<object id>:r-x``, ``group:<object id>:r-x``, ``mask::r-x`` or ``other::---``; those of
the owner and of the owning group have no id. New children of a directory get the entries with ``default:``
before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import ONE_PATH, Argument, flag, templated
from airflow_provider_adls.operators.base import ADLSGen1BulkOperator, ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1GetAclOperator(ADLSGen1Operator):
    """Read the access control list of a file or directory.

    .. code-block:: python

        ADLSGen1GetAclOperator(task_id="acl", path="/curated")

    :returns: ``path``, ``owner``, ``group``, ``permission``, ``sticky_bit``, and ``entries``, a list of text.
    """

    arguments = (ONE_PATH,)

    def __init__(self, *, path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.validate()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Read the list."""
        return self.hook_for_execution().get_acl(self.path)


class _AclOperator(ADLSGen1BulkOperator):
    """Base of the operators that take entries; a subclass says in its table which ones."""

    arguments: ClassVar[Sequence[Argument]] = (
        flag(
            "recursive",
            "whether everything below the directories is changed too, sixteen at a time; files get the list "
            "without its default entries",
        ),
    )

    def __init__(self, *, acl: str | Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.acl = acl
        self.validate()


class ADLSGen1SetAclOperator(_AclOperator):
    """Replace the access control list of files and directories.

    .. code-block:: python

        ADLSGen1SetAclOperator(
            task_id="set_acl",
            path="/curated",
            acl="user::rwx,group::r-x,other::---,user:{{ var.value.analyst }}:r-x",
            recursive=True,
        )

    Existing default entries are kept, unless the new list has any.
    """

    arguments = (
        templated(
            "acl",
            kinds.whole_acl,
            "the whole list, as text with commas or as a list of entries; ``user::``, ``group::`` and "
            "``other::`` must be among them",
            required=True,
        ),
    )

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Replace the lists."""
        return hook.set_acl(self.path, self.acl, **self.options(preview=preview))


class ADLSGen1ModifyAclOperator(_AclOperator):
    """Add entries to the access control lists of files and directories, or change existing ones.

    .. code-block:: python

        ADLSGen1ModifyAclOperator(
            task_id="let_in",
            path="/curated",
            acl=["user:{{ var.value.analyst }}:r-x", "default:user:{{ var.value.analyst }}:r-x"],
            recursive=True,
        )
    """

    arguments = (templated("acl", kinds.acl, "the entries, as text with commas or as a list", required=True),)

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Add or change the entries."""
        return hook.modify_acl(self.path, self.acl, **self.options(preview=preview))


class ADLSGen1RemoveAclEntriesOperator(_AclOperator):
    """Remove entries from the access control lists of files and directories.

    .. code-block:: python

        ADLSGen1RemoveAclEntriesOperator(
            task_id="let_out", path="/curated", acl="user:{{ var.value.analyst }}", recursive=True
        )
    """

    arguments = (
        templated(
            "acl",
            kinds.acl_to_remove,
            "the entries, as text with commas or as a list, with or without rights",
            required=True,
        ),
    )

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Remove the entries."""
        return hook.remove_acl_entries(self.path, self.acl, **self.options(preview=preview))


class ADLSGen1RemoveDefaultAclOperator(ADLSGen1BulkOperator):
    """Remove all default entries of directories, so that new children get none.

    .. code-block:: python

        ADLSGen1RemoveDefaultAclOperator(task_id="no_defaults", path="/curated", recursive=True)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Remove the default entries."""
        return hook.remove_default_acl(self.path, **self.options(preview=preview))


class ADLSGen1RemoveAclOperator(ADLSGen1BulkOperator):
    """Remove all entries but those of owner, owning group and other, the default ones too.

    .. code-block:: python

        ADLSGen1RemoveAclOperator(task_id="plain", path="/curated", recursive=True)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validate()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Remove the entries."""
        return hook.remove_acl(self.path, **self.options(preview=preview))
