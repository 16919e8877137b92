from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules import expiry as both
from airflow_provider_adls.emulator.rules.gen2 import expiry
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions

ANY = Conditions()


def set_expiry(call, option: str, time: str, path: str = "/f"):
    return expiry.set_expiry(call, path, ANY, option, time)


@pytest.mark.parametrize(
    ("option", "time", "seconds"),
    [
        ("RelativeToNow", "5000", 15),
        ("RelativeToCreation", "5000", 5),
        ("Absolute", "Tue, 14 Nov 2023 22:13:27 GMT", 7),
    ],
)
@pytest.mark.fidelity("recorded")
def test_a_file_vanishes_at_its_time(call, at, make, option, time, seconds):
    """Each option counts from its own time; the version stays, and at the time the file is gone."""
    node = make("/f", b"abc")
    assert set_expiry(at(10), option, time).etag == node.etag
    both.purge(at(seconds - 1))
    assert call.find("/f") is not None
    both.purge(at(seconds))
    assert call.find("/f") is None


@pytest.mark.fidelity("recorded")
def test_an_expiry_can_be_taken_back(call, at, make):
    """NeverExpire keeps the file; an expiry can be given at creation."""
    make("/f", expiry=("RelativeToNow", "5000"))
    set_expiry(call, "NeverExpire", "")
    both.purge(at(10**6))
    assert call.find("/f") is not None


@pytest.mark.parametrize(
    ("option", "time", "code"),
    [
        ("", "", "MissingRequiredHeader"),
        ("RelativeToNow", "", "MissingRequiredHeader"),
        ("Sometimes", "5000", "InvalidHeaderValue"),
        ("RelativeToNow", "soon", "InvalidHeaderValue"),
        ("RelativeToNow", "-1", "InvalidHeaderValue"),
        ("Absolute", "5000", "InvalidHeaderValue"),
    ],
)
@pytest.mark.fidelity("recorded")
def test_malformed_expiries_are_refused(call, make, option, time, code):
    """A missing or malformed option or time is refused by name."""
    make("/f")
    with pytest.raises(StorageError) as refusal:
        set_expiry(call, option, time)
    assert refusal.value.code == code


@pytest.mark.fidelity("recorded")
def test_directories_do_not_expire(call, make):
    """A directory is refused, and a missing path is not found."""
    make("/d/")
    for path, code in (("/d", "ExpiryNotSupportedForDirectory"), ("/missing", "PathNotFound")):
        with pytest.raises(StorageError) as refusal:
            set_expiry(call, "RelativeToNow", "5000", path)
        assert refusal.value.code == code
