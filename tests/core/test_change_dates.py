import pytest

from relmgr_cli.core.change_dates import _date


@pytest.mark.parametrize(
    ("seconds", "date"),
    [(0, "1970-01-01T00:00:00Z"), (1.9, "1970-01-01T00:00:01Z"), (None, ""), (1e18, ""), (-1e18, ""), (2**40, "")],
)
def test_a_time_that_no_calendar_has_is_no_date(seconds: float | None, date: str) -> None:
    assert _date(seconds) == date
