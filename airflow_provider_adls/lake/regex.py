r"""`Regex`: a regular expression for paths of the lake, matched in no more directories than it can match in.

``/raw/\d{4}/day_\d\d\.csv`` begins in ``/raw``, and enters only directories whose names are four digits.
Where a part of it may stand for a slash, as ``.*`` may, all below that part is listed.
"""

from __future__ import annotations

import re

from airflow_provider_adls.model.errors import PathError

_LITERALS = r"[\w \-%=,~@#&!'\";<>:]|\\[^A-Za-z0-9]"
_SET = r"\[\^?\]?(?:\\.|[^\]\\])*\]"
#: The name of a directory.
_LITERAL = re.compile(f"(?:{_LITERALS})*")
#: A part without a group or dot, which may match a slash by a set alone.
_SIMPLE = re.compile(rf"(?:{_LITERALS}|\\[dw]|{_SET}|[*+?]|\{{[0-9,]+\}})*")


class Regex:
    """A regular expression that a whole path has to match.

    :param expression: absolute path in the account, of which any part may be a pattern.
    :raises PathError: if Python cannot compile it, or if no directory can be found in which it begins.
    """

    def __init__(self, expression: str) -> None:
        try:
            self._whole = re.compile(expression)
        except re.error as error:
            raise PathError(f"{expression!r} is not a regular expression: {error}") from None
        _check_directories(expression)
        # Without its first slash; the last part is the name of what matches.
        parts = expression.split("/")[1:]
        literal: list[str] = []
        while len(parts) > 1 and _LITERAL.fullmatch(parts[0]):
            literal.append(re.sub(r"\\(.)", r"\1", parts.pop(0)))
        self.root = "/" + "/".join(literal)
        self._levels: list[re.Pattern[str]] = []
        for part in parts:
            if not _is_within_name(part):
                break
            self._levels.append(re.compile(part))
        self._is_bounded = len(self._levels) == len(parts)

    @property
    def start(self) -> tuple[str, ...]:
        """The names below the root of the root itself: none."""
        return ()

    def after(self, names: tuple[str, ...], name: str) -> tuple[str, ...] | None:
        """Return the names with one more; None if nothing that follows can match."""
        level = len(names)
        if level < len(self._levels):
            possible = bool(self._levels[level].fullmatch(name))
        else:
            possible = not self._is_bounded
        return (*names, name) if possible else None

    def matches(self, names: tuple[str, ...], *, directory: bool) -> bool:  # noqa: ARG002 - the interface of `Glob`
        """Return whether the path that these names end is a match."""
        return bool(self._whole.fullmatch("/".join((self.root.rstrip("/"), *names))))

    def goes_on(self, names: tuple[str, ...]) -> bool:
        """Return whether what is in a directory that ends here may match."""
        return not self._is_bounded or len(names) < len(self._levels)


def _is_within_name(part: str) -> bool:
    """Return whether a part of an expression certainly matches no slash."""
    return bool(_SIMPLE.fullmatch(part)) and not any(re.match(one, "/") for one in re.findall(_SET, part))


def _check_directories(expression: str) -> None:
    """Refuse an expression whose slashes do not show in which directory it begins.

    :raises PathError: for a ``|`` outside of parentheses, and for a slash that is repeated.
    """
    bare = re.sub(_SET, "x", re.sub(r"\\[^/]", "x", expression))
    if re.search(r"/[*+?{]", bare):
        raise PathError(f"{expression!r} repeats a slash, which separates directories")
    depth = 0
    for character in bare:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            raise PathError(
                f"{expression!r} has alternatives that begin in no directory: put them in parentheses after"
                " one, as in /raw/(a|b)"
            )
