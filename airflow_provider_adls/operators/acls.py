"""Operators for access control lists.

An entry reads ``user:<object id>:r-x``, ``group:<object id>:r-x``, ``mask::r-x`` or ``other::---``; those of
the owner and of the owning group have no id. With ``default:`` before it, it is what new children of a
directory get.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments, file_rules
from airflow_provider_adls.operators.arguments import ADLSGen1Operator
from airflow_provider_adls.operators.everywhere import ADLSGen1EverywhereOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1GetAclOperator(ADLSGen1Operator):
    """Read the access control list of a file or directory.

    .. code-block:: python

        ADLSGen1GetAclOperator(task_id="acl", path="/curated")

    :param path: the file or directory. (templated)
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``path``, ``owner``, ``group``, ``permission``, ``sticky_bit``, and ``entries``, a list of text.
    """

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")
    needed = ("path", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "path": arguments.lake_path,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Read the list."""
        return self.hook_for_execution().get_acl(self.path)


class _AclOperator(ADLSGen1EverywhereOperator):
    """An operator that takes entries; a subclass says by its rules which may be among them."""

    template_fields: Sequence[str] = (*ADLSGen1EverywhereOperator.template_fields, "acl")
    needed = (*ADLSGen1EverywhereOperator.needed, "acl")

    def __init__(self, *, acl: str | Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.acl = acl
        self.judge()


class ADLSGen1SetAclOperator(_AclOperator):
    """Replace the access control list of files and directories.

    .. code-block:: python

        ADLSGen1SetAclOperator(
            task_id="set_acl",
            path="/curated",
            acl="user::rwx,group::r-x,other::---,user:{{ var.value.analyst }}:r-x",
            recursive=True,
        )

    Default entries that are there stay, unless the new list has any.

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param acl: all of the list, as text with commas or as a list of entries; ``user::``, ``group::`` and
        ``other::`` must be among them. (templated)
    :param recursive: whether all that is in the directories is changed too, sixteen at a time;
        files get the list without its default entries.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: numbers of ``directories`` and ``files`` that were changed, and of what ``failed``; and the
        first 100 ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``.
    """

    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **_AclOperator.rules,
        "acl": file_rules.whole_acl,
    }

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Replace the lists."""
        return hook.set_acl(self.path, self.acl, **self.options(preview=preview))


class ADLSGen1ModifyAclOperator(_AclOperator):
    """Add entries to the access control lists of files and directories, or change those there.

    .. code-block:: python

        ADLSGen1ModifyAclOperator(
            task_id="let_in",
            path="/curated",
            acl=["user:{{ var.value.analyst }}:r-x", "default:user:{{ var.value.analyst }}:r-x"],
            recursive=True,
        )

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param acl: the entries, as text with commas or as a list. (templated)
    :param recursive: whether all that is in the directories is changed too, sixteen at a time;
        files get the list without its default entries.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: numbers of ``directories`` and ``files`` that were changed, and of what ``failed``; and the
        first 100 ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``.
    """

    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **_AclOperator.rules,
        "acl": file_rules.acl,
    }

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Add or change the entries."""
        return hook.modify_acl(self.path, self.acl, **self.options(preview=preview))


class ADLSGen1RemoveAclEntriesOperator(_AclOperator):
    """Remove entries from the access control lists of files and directories.

    .. code-block:: python

        ADLSGen1RemoveAclEntriesOperator(
            task_id="let_out", path="/curated", acl="user:{{ var.value.analyst }}", recursive=True
        )

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param acl: the entries, as text with commas or as a list, with rights or without. (templated)
    :param recursive: whether all that is in the directories is changed too, sixteen at a time;
        files get the list without its default entries.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: numbers of ``directories`` and ``files`` that were changed, and of what ``failed``; and the
        first 100 ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``.
    """

    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **_AclOperator.rules,
        "acl": file_rules.acl_to_remove,
    }

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Remove the entries."""
        return hook.remove_acl_entries(self.path, self.acl, **self.options(preview=preview))


class ADLSGen1RemoveDefaultAclOperator(ADLSGen1EverywhereOperator):
    """Remove all default entries of directories, so that new children get none.

    .. code-block:: python

        ADLSGen1RemoveDefaultAclOperator(task_id="no_defaults", path="/curated", recursive=True)

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param recursive: whether all that is in the directories is changed too, sixteen at a time.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: numbers of ``directories`` and ``files`` that were changed, and of what ``failed``; and the
        first 100 ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Remove the default entries."""
        return hook.remove_default_acl(self.path, **self.options(preview=preview))


class ADLSGen1RemoveAclOperator(ADLSGen1EverywhereOperator):
    """Remove all entries but those of owner, owning group and other, the default ones too.

    .. code-block:: python

        ADLSGen1RemoveAclOperator(task_id="plain", path="/curated", recursive=True)

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param recursive: whether all that is in the directories is changed too, sixteen at a time.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: numbers of ``directories`` and ``files`` that were changed, and of what ``failed``; and the
        first 100 ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Remove the entries."""
        return hook.remove_acl(self.path, **self.options(preview=preview))
