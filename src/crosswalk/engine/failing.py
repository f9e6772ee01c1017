"""What a failed call means for its case, and for everybody else's calls."""

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.engine.case import Case
from crosswalk.engine.outcomes import THROTTLE_WAIT, after_fault
from crosswalk.engine.world import World


def fail(case: Case, error: RemoteError, world: World) -> None:
    """End a case with what the fault calls for, and stop the flow where it must."""
    if error.fault is Fault.THROTTLED:
        world.quota.hold(error.retry_after or THROTTLE_WAIT)
    elif error.fault is Fault.DENIED:
        world.quota.stop(error)
    case.outcome = after_fault(
        error, attempts=case.row.attempts, chance=world.chance.random()
    )
