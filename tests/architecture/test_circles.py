"""No module of the package imports itself over others, not even for types."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from tests.architecture.imports import ARROWS, PACKAGE

#: Circles that are still to be cut: every arrow between two modules of one line is left out.
TO_CUT: tuple[set[str], ...] = ()


def find_circle(arrows: dict[str, set[str]]) -> list[str]:
    """Return the modules of a circle, the first one again at its end; empty without one."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def without(arrows: dict[str, set[str]], names: set[str]) -> dict[str, set[str]]:
    """Return the arrows without those between two of the named modules."""
    named = {f"{PACKAGE}.{name}" for name in names}
    return {
        module: targets - named if module in named else set(targets) for module, targets in arrows.items()
    }


def test_no_module_imports_itself_over_others():
    """The arrows between modules form no circle, `TYPE_CHECKING` and imports in functions included."""
    arrows = ARROWS
    for names in TO_CUT:
        arrows = without(arrows, names)
    assert find_circle(arrows) == []


def test_every_circle_that_is_left_out_is_one():
    """A line of TO_CUT whose circle is gone is taken out of the list."""
    for names in TO_CUT:
        named = {f"{PACKAGE}.{name}" for name in names}
        inside = {module: ARROWS.get(module, set()) & named for module in named}
        assert find_circle(inside), f"no circle any more: {sorted(names)}"


def test_a_circle_is_found():
    """Two modules that import each other are a circle."""
    assert find_circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert not find_circle({"a": {"b", "c"}, "b": {"c"}, "c": set()})
