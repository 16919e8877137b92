"""Operators for permissions and owners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments, file_rules
from airflow_provider_adls.operators.everywhere import ADLSGen1EverywhereOperator

if TYPE_CHECKING:
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class ADLSGen1SetPermissionOperator(ADLSGen1EverywhereOperator):
    """Set the permission of files and directories.

    .. code-block:: python

        ADLSGen1SetPermissionOperator(
            task_id="open", path="/curated/{{ ds }}", permission="u=rwX,g=rX,o=", recursive=True
        )

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param permission: octal digits, ``750``, or what ``chmod`` takes, ``u=rwX,g+r,o=``: with ``X`` only
        directories, and files that are executable already, become so. Where there is an ACL with named
        entries, the group's digit is the mask's. (templated)
    :param recursive: whether all that is in the directories is changed too, sixteen at a time.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: numbers of ``directories`` and ``files`` that were changed, and of what ``failed``; and the
        first 100 ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``.
    """

    template_fields: Sequence[str] = (*ADLSGen1EverywhereOperator.template_fields, "permission")
    needed = (*ADLSGen1EverywhereOperator.needed, "permission")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **ADLSGen1EverywhereOperator.rules,
        "permission": file_rules.mode,
    }

    def __init__(self, *, permission: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.permission = permission
        self.judge()

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set the permission."""
        return hook.set_permission(self.path, self.permission, **self.options(preview=preview))


class ADLSGen1SetOwnerOperator(ADLSGen1EverywhereOperator):
    """Set the owner of files and directories, their owning group, or both.

    .. code-block:: python

        ADLSGen1SetOwnerOperator(
            task_id="hand_over", path="/curated", new_group="{{ var.value.analysts }}", recursive=True
        )

    Only a super user of the account may change the owner; an owner may give his own to a group that he
    is in.

    :param path: a path, a glob, which may match nothing, or a list of paths, which are taken as they
        stand. (templated)
    :param new_owner: object id of a user or service principal; None leaves it. (templated)
    :param new_group: object id of a group; None leaves it. (templated)
    :param recursive: whether all that is in the directories is changed too, sixteen at a time.
    :param continue_on_failure: whether the others are changed where one cannot be, so that the task succeeds
        and its result says what failed; or the first failure is the task's.
    :param preview: whether nothing is changed, and the result says what would be.
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: numbers of ``directories`` and ``files`` that were changed, and of what ``failed``; and the
        first 100 ``failures``, each with ``path`` and ``error``. Of a preview also the first 100 ``paths``.
    """

    # `owner` is what every Airflow operator calls the person who looks after the task.
    template_fields: Sequence[str] = (*ADLSGen1EverywhereOperator.template_fields, "new_owner", "new_group")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **ADLSGen1EverywhereOperator.rules,
        "new_owner": arguments.text,
        "new_group": arguments.text,
    }

    def __init__(self, *, new_owner: str | None = None, new_group: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.new_owner = new_owner
        self.new_group = new_group
        self.judge()

    def judge_together(self) -> None:
        """At least one of the two."""
        if self.new_owner is None and self.new_group is None:
            raise self.wrong("new_owner", "or new_group must have a value")

    def perform(self, hook: ADLSGen1Hook, *, preview: bool) -> dict[str, Any]:
        """Set owner and group."""
        return hook.set_owner(
            self.path, owner=self.new_owner, group=self.new_group, **self.options(preview=preview)
        )
