"""What a failed call means for its case, and for everybody else's calls to the CRM."""

from crosswalk.domain.faults import Fault, RemoteError
from crosswalk.engine.case import Case
from crosswalk.engine.outcomes import THROTTLE_WAIT, after_fault
from crosswalk.engine.world import World


def fail(case: Case, error: RemoteError, world: World) -> None:
    """End a case with what the fault calls for."""
    case.outcome = after_fault(
        error, attempts=case.row.attempts, chance=world.chance.random()
    )


def fail_at_crm(case: Case, error: RemoteError, world: World) -> None:
    """End a case whose call to the CRM failed, and hold or stop all calls where due."""
    if error.fault is Fault.THROTTLED:
        world.quota.hold(error.retry_after or THROTTLE_WAIT)
    elif error.fault is Fault.DENIED:
        world.quota.stop(error)
    fail(case, error, world)
