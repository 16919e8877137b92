"""Permissions as people write them: octal digits, or what is to change in those that are there.

The symbolic form is that of `chmod` (POSIX 1003.1, utility chmod): ``u=rwX,g+r,o-rwx``. The service knows no
set-uid and set-gid bits, so ``s`` has no meaning; ``t`` is the sticky bit.
"""

from __future__ import annotations

import re

from airflow_provider_adls.model.acl import permission as octal

_CLAUSE = re.compile(r"(?P<who>[ugoa]*)(?P<actions>(?:[+=-](?:[ugo]|[rwxXt]*))+)")
_ACTION = re.compile(r"(?P<how>[+=-])(?P<what>[ugo]|[rwxXt]*)")
_DIGITS = re.compile(r"[0-7]+")
_SHIFTS = {"u": 6, "g": 3, "o": 0}
_BITS = {"r": 4, "w": 2, "x": 1}
_STICKY = 0o1000


def check(mode: str) -> str:
    """Return the mode, if it is one.

    :raises ValueError: saying how it must read.
    """
    changed(mode, 0, directory=False)
    return mode


def changed(mode: str, bits: int, *, directory: bool) -> int:
    """Return the bits that a mode makes of others.

    :param mode: octal digits, ``750``, or clauses, ``g+r,o=``.
    :param bits: permission that is there.
    :param directory: whether it is a directory's, which ``X`` makes executable whatever it was before.
    :raises ValueError: for what is neither.
    """
    if _DIGITS.fullmatch(mode):
        return octal(mode)
    for clause in mode.split(","):
        match = _CLAUSE.fullmatch(clause)
        if not match:
            raise ValueError(
                f"permission {mode!r} must be octal, 0 to 1777, or read as chmod's do: u=rwX,g+r,o="
            )
        who = "ugo" if match["who"] in ("", "a") or "a" in match["who"] else match["who"]
        for action in _ACTION.finditer(match["actions"]):
            bits = _applied(action["how"], action["what"], who, bits, directory=directory)
    return bits


def _applied(how: str, what: str, who: str, bits: int, *, directory: bool) -> int:
    if what in _SHIFTS:
        rights = bits >> _SHIFTS[what] & 7
    else:
        rights = sum(_BITS.get(letter, 0) for letter in set(what))
        if "X" in what and (directory or bits & 0o111):
            rights |= 1
    mask = sum(7 << _SHIFTS[one] for one in set(who))
    wanted = sum(rights << _SHIFTS[one] for one in set(who))
    sticky = _STICKY if "t" in what else 0
    if how == "+":
        return bits | wanted | sticky
    if how == "-":
        return bits & ~(wanted | sticky)
    # As GNU's chmod, a class that is set leaves the sticky bit of all as it is, unless all are set.
    kept = bits & ~mask & ~(_STICKY if set(who) == set("ugo") else 0)
    return kept | wanted | sticky
