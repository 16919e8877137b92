from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.rules import content, directories, expiry
from airflow_provider_adls.emulator.rules.refusals import Invalid


@pytest.mark.parametrize(
    ("option", "time", "expires"),
    [
        (expiry.NEVER, None, 0),
        (expiry.NEVER, 5, 0),
        (expiry.ABSOLUTE, 9_000, 9_000),
        (expiry.FROM_NOW, 500, 2_500),
        (expiry.FROM_CREATION, 500, 1_500),
    ],
)
@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
def test_each_option_counts_from_its_own_time(call, at, option, time, expires):
    """The status shows when a file will vanish, in milliseconds since 1970."""
    content.create(call, "/f", b"")
    expiry.set_expiry(call, "/f", expiry.ABSOLUTE, 77_000)
    expiry.set_expiry(at(2_000), "/f", option, time)
    assert directories.status(call, "/f").expiration_time == expires


@pytest.mark.parametrize("time", [None, -1])
@pytest.mark.fidelity("assumed", "no option but NeverExpire has a meaning without a time")
def test_a_time_is_needed(call, time):
    """All options but never need a time that is not negative."""
    content.create(call, "/f", b"")
    with pytest.raises(Invalid):
        expiry.set_expiry(call, "/f", expiry.FROM_NOW, time)


@pytest.mark.fidelity("documented", ".NET SDK's tests on the live service")
def test_directories_do_not_expire(call):
    """A directory is refused."""
    directories.make(call, "/d")
    with pytest.raises(Invalid):
        expiry.set_expiry(call, "/d", expiry.ABSOLUTE, 5)


@pytest.mark.fidelity("documented", "filesystem.json 2016-11-01")
def test_an_expired_file_vanishes(call, at):
    """At its time, and not before, a file is gone with its content; its neighbour stays."""
    content.create(call, "/d/f", bytes(100_000))
    content.create(call, "/d/g", b"")
    expiry.set_expiry(call, "/d/f", expiry.ABSOLUTE, 5_000)
    for now, expected in [(4_999, ["f", "g"]), (5_000, ["g"])]:
        expiry.purge(at(now))
        assert [status.name for status in directories.listing(call, "/d")[0]] == expected
    assert list(call.store._content._blobs) == []


@pytest.mark.fidelity("assumed", "a file that is made anew is another one")
def test_overwriting_forgets_the_expiry(call):
    """A file that is made anew does not expire."""
    content.create(call, "/f", b"")
    expiry.set_expiry(call, "/f", expiry.ABSOLUTE, 5_000)
    content.create(call, "/f", b"", overwrite=True)
    assert directories.status(call, "/f").expiration_time == 0
