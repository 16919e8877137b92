"""Pieces of a manifest shared out to shards."""

from __future__ import annotations

import pytest

from airflow_provider_adls.transfer.shards import MOST, Piece, pack


def pieces(*sizes, lines=10):
    return [Piece(f"{number:06d}", lines, lines, size) for number, size in enumerate(sizes)]


def cost(shard):
    return sum(piece.cost for piece in shard)


def test_every_piece_is_in_one_shard():
    """No piece is lost or twice, and within a shard they keep their order."""
    shards = pack(pieces(*range(0, 10**9, 10**7)), most_files=70, most_bytes=10**9)
    assert sorted(piece for shard in shards for piece in shard) == pieces(*range(0, 10**9, 10**7))
    assert all(shard == sorted(shard) for shard in shards)


def test_both_bounds_hold():
    """A shard has neither more files nor more bytes than it may, where pieces are smaller."""
    shards = pack(pieces(*[10, 2**20, 30 * 2**20] * 40), most_files=50, most_bytes=64 * 2**20)
    assert all(sum(piece.lines for piece in shard) <= 50 for shard in shards)
    assert all(sum(piece.bytes for piece in shard) <= 64 * 2**20 for shard in shards)


def test_a_skewed_tree_makes_shards_of_equal_cost():
    """With one directory of 15,000 files, 5,000 of one, and a big file, shards cost the same within 20 %."""
    skewed = pieces(*[0] * 75, lines=200) + pieces(*[0] * 25, lines=200) + pieces(300 * 2**20, lines=1)
    named = [piece._replace(name=f"{number:06d}") for number, piece in enumerate(skewed)]
    costs = [cost(shard) for shard in pack(named, most_files=2_500, most_bytes=64 * 2**30)]
    assert len(costs) >= 8
    assert max(costs) < 1.2 * min(costs)


def test_the_longest_come_first():
    """Shards are sorted by cost, and a file beyond the bound is a shard of its own."""
    shards = pack(pieces(10, 200 * 2**30, 10, 10), most_files=20, most_bytes=64 * 2**30)
    assert [[piece.bytes for piece in shard] for shard in shards] == [[200 * 2**30], [10, 10], [10]]


@pytest.mark.parametrize("number", [MOST, MOST + 1, 5 * MOST])
def test_no_more_than_airflow_maps(number):
    """However many shards the bounds ask for, there are at most 1,000: they grow instead."""
    shards = pack(pieces(*[5] * number), most_files=10, most_bytes=5)
    assert len(shards) == MOST
    assert sum(map(len, shards)) == number
