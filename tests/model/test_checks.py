import math

import pytest

from airflow_provider_adls.model import checks


@pytest.mark.parametrize("value", [0, 1, 2**70])
def test_whole_numbers(value):
    """Whole numbers within the bounds are returned."""
    assert checks.whole_number(value) == value


@pytest.mark.parametrize("value", [-1, 1.0, True, False, "1", None, math.nan])
def test_what_is_not_a_whole_number(value):
    """Anything else is refused, and shown."""
    with pytest.raises(ValueError, match="must be a whole number, 0 or more, not"):
        checks.whole_number(value)


def test_bounds():
    """The message says the bounds."""
    assert checks.whole_number(5, least=5, most=5) == 5
    with pytest.raises(ValueError, match="5 or more, not 4"):
        checks.whole_number(4, least=5)
    with pytest.raises(ValueError, match="0 to 5, not 6"):
        checks.whole_number(6, most=5)


@pytest.mark.parametrize("value", [0.5, 1, 10**9])
def test_seconds(value):
    """Numbers above 0 are seconds, as they were given."""
    assert checks.seconds(value) == value


@pytest.mark.parametrize("value", [0, -1, math.inf, math.nan, True, "5", None])
def test_what_is_not_seconds(value):
    """Nothing else is; 0 where it may be."""
    with pytest.raises(ValueError, match="must be seconds, more than 0, not"):
        checks.seconds(value)
    assert checks.seconds(0, zero=True) == 0
    with pytest.raises(ValueError, match="must be seconds, 0 or more, not -1"):
        checks.seconds(-1, zero=True)


@pytest.mark.parametrize("value", ["false", 0, 1, None])
def test_what_is_not_a_flag(value):
    """What only counts as true or false is refused."""
    assert checks.flag(value=True) is True
    with pytest.raises(ValueError, match="must be True or False, not"):
        checks.flag(value)


@pytest.mark.parametrize(("value", "said"), [(5, "must be a string, not int"), (" ", "must not be empty")])
def test_what_is_not_text(value, said):
    """A value of another type, and white space alone, are refused."""
    assert checks.text(" a ") == " a "
    with pytest.raises(ValueError, match=said):
        checks.text(value)


def test_a_named_value():
    """The error of a check begins with the name of the value."""
    assert checks.named("limit", checks.whole_number, 3) == 3
    with pytest.raises(ValueError, match=r"\A'flag': must be True or False"):
        checks.named("flag", checks.flag, "false")
