"""The guide to mistakes, as what the tests compare real messages with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

GUIDE = Path(__file__).parents[2] / "docs" / "troubleshooting.md"
_ENTRY = re.compile(r"^### (?P<mistake>.+?)\n+```text\n(?P<message>.+?)\n```\n", re.MULTILINE | re.DOTALL)


def guide() -> dict[str, str]:
    """Messages of the guide by the mistake that they describe; `…` in one stands for anything."""
    return {
        entry["mistake"]: " ".join(entry["message"].split()) for entry in _ENTRY.finditer(GUIDE.read_text())
    }


@pytest.fixture
def documented() -> Callable[[str, object], None]:
    """Compares an error's message with the guide's, for the mistake of a heading."""
    messages = guide()

    def compare(mistake: str, said: object) -> None:
        pattern = ".+?".join(re.escape(part) for part in messages[mistake].split("…"))
        text = " ".join(str(said).split())
        assert re.fullmatch(pattern, text), f"{mistake}: the guide does not say\n{text}"

    return compare


@pytest.fixture
def stranger(emulator) -> tuple[str, str]:
    """Client id and secret of a principal that has no role and owns nothing."""
    import uuid

    client_id, secret = str(uuid.uuid4()), "Str~anger.Secret-0123456789"
    emulator.add_principal(client_id, secret)
    return client_id, secret
