"""`WritingOperator`, the base of what writes files into a lake: the rights and the expiry that they get."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from airflow_provider_adls.lake.written import WrittenAttributes
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, is_known, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator
from airflow_provider_adls.operators.keep import FAIL_UNLESS_KEPT, RETURNED
from airflow_provider_adls.transfers.base import TransferOperator

_NAMES = ("permission", "acl", "expires_in", "keep")


class WritingOperator(ADLSGen1Operator):
    """Base of the operators that give new files their rights and expiry."""

    arguments: ClassVar[Sequence[Argument]] = (
        templated(
            "permission",
            kinds.permission,
            "octal digits, which files have when they appear; None leaves it to the service",
        ),
        templated(
            "acl",
            kinds.whole_acl,
            "in place of that, the whole access control list of the files, as text with commas or as a list",
        ),
        templated(
            "expires_in",
            kinds.span,
            "how long the service keeps each file from its upload on, as a timedelta or in seconds",
        ),
        templated(
            "keep",
            kinds.keep,
            "what a file gets from the one that it replaces, a name or a list: ``permission`` (access control"
            " list too), ``owner`` (and group), ``expiry``",
        ),
        FAIL_UNLESS_KEPT,
    )

    def __init__(
        self,
        *,
        permission: str | None = None,
        acl: str | Sequence[str] | None = None,
        expires_in: timedelta | float | str | None = None,
        keep: str | Sequence[str] | None = None,
        fail_unless_kept: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.permission = permission
        self.acl = acl
        self.expires_in = expires_in
        self.keep = keep
        self.fail_unless_kept = fail_unless_kept

    def validate_together(self) -> None:
        """Refuse attributes that contradict each other, or that no file has."""
        super().validate_together()
        known = {name: getattr(self, name) for name in _NAMES if is_known(getattr(self, name))}
        try:
            WrittenAttributes.of(**known)
        except ValueError as error:
            name, _, message = str(error).partition(": ")
            raise self.error(name, message) from None

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes of new files, as the hook takes them."""
        return {name: getattr(self, name) for name in (*_NAMES, "fail_unless_kept")}


class WritingTransferOperator(WritingOperator, TransferOperator):
    """Base of the transfers from other stores into a lake."""

    returned = f"{TransferOperator.returned}; {RETURNED}"

    def options(self, *, preview: bool) -> dict[str, Any]:
        """Return flags and attributes, as the hook takes them."""
        return super().options(preview=preview) | self.attributes
