"""The two services that suites run over, and the tests that cannot be the same on both.

A test that asks for the fixture `service`, itself or by another fixture, runs over Gen1 and Gen2.
"""

from __future__ import annotations

GEN1, GEN2 = "gen1", "gen2"
#: Tests that run over one service alone, by file and function: which, and why.
ONE_ALONE: dict[str, tuple[str, str]] = {
    "client/test_verbs.py::test_times": (GEN1, "Gen2 has no request that sets times: it is refused by name"),
}


def services_of(test: str) -> list[str]:
    """Return the services that a test runs over.

    :param test: its file below `tests/` and its function.
    """
    return [ONE_ALONE[test][0]] if test in ONE_ALONE else [GEN1, GEN2]
