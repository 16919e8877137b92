"""`Reliability`: options of a copy that go beyond the check of its length."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias, get_args

#: The ways to compare a copy with its source.
Verify: TypeAlias = Literal["length", "content"]


class Reliability(NamedTuple):
    """Choices of how sure a copy is.

    :param verify: ``length`` compares the lengths alone; ``content`` also reads the copy back, before it gets
        its name, and compares it with the source block by block.
    :param resume: whether parts of a big file that a killed try of the same copy left are used.
    """

    verify: Verify = "length"
    resume: bool = False

    @classmethod
    def of(cls, verify: str = "length", resume: bool = False) -> Reliability:  # noqa: FBT001, FBT002 - as the class
        """Return it by what a caller says.

        :raises ValueError: for another way to verify.
        """
        for one in get_args(Verify):
            if verify == one:
                return cls(one, bool(resume))
        raise ValueError(f"verify must be one of {', '.join(get_args(Verify))}, not {verify!r}")

    @property
    def reads_back(self) -> bool:
        """Whether the copy is read back."""
        return self.verify == "content"


PLAIN = Reliability()
