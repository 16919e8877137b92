from __future__ import annotations

import random

import pytest

from airflow_provider_adls.emulator.faces import crc64


def by_bits(data: bytes) -> bytes:
    """The same checksum, as its definition has it."""
    crc = (1 << 64) - 1
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x9A6C9329AC4BC9B5 if crc & 1 else 0)
    return (crc ^ (1 << 64) - 1).to_bytes(8, "little")


@pytest.mark.fidelity("recorded")
def test_the_recorded_checksum():
    """The checksum of a recorded byte is the recorded one; that of nothing is zero."""
    assert crc64.digest(b"H") == "MlSW/U5mnKQ="
    assert crc64.digest(b"") == "AAAAAAAAAAA="


@pytest.mark.parametrize("length", [1, 1023, 65_535, 65_536, 65_537, 100_000])
@pytest.mark.fidelity("own")
def test_long_content_has_the_same_checksum(length):
    """Content that is cut into stripes has the checksum that its bits have."""
    data = random.Random(length).randbytes(length)
    assert crc64.checksum(data) == by_bits(data)
