"""What a number of calls means in time."""

import pytest

from crosswalk.domain.model import Lane
from crosswalk.engine.quota import CallQuota
from tests.clocks import SkippingClock


@pytest.mark.parametrize(
    ("calls", "seconds"),
    [(0, 0), (10, 60), (9, 0), (100, 3600), (125, 3600 + 120)],
)
def test_a_quota_foretells_its_windows(calls: int, seconds: float) -> None:
    """
    What a minute allows goes at once; each further minute or hour has to pass first.
    """
    quota = CallQuota(
        clock=SkippingClock(), per_hour=100, per_minute=10, reserve_percent=0
    )
    assert quota.foretell(calls, Lane.LIVE) == seconds


def test_a_lane_below_others_takes_longer() -> None:
    """
    A backfill leaves a part of each window to the lanes above it.
    """
    quota = CallQuota(
        clock=SkippingClock(), per_hour=100, per_minute=100, reserve_percent=20
    )
    assert quota.foretell(79, Lane.LIVE) == 0
    assert quota.foretell(79, Lane.BACKFILL) > 0
