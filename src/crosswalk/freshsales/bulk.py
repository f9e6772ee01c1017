"""Bulk jobs: what their status says, which row failed, when to ask; pure.

A job is accepted at once and done later. How a report names a failed row has never
been published (contract 2.7), so a row is found by whatever in the report is one of
the identifiers that we sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import orjson

from crosswalk.domain.faults import RemoteError, crm_fault
from crosswalk.domain.model import Json
from crosswalk.ports import BulkJob

#: Words for a job that will not move any more; only the first was ever seen.
ENDED: Final = frozenset({"success", "completed", "failed", "failure", "error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """How far a job is."""

    ended: bool
    #: How many rows failed; None where the job does not say.
    failed: int | None
    report: Json


class Pace:
    """When to ask for a job: learned from the jobs before, because asking costs.

    The first question halves its delay until it once comes too early; from then on
    it stays just behind the time that jobs take.
    """

    #: Seconds: bounds of the delay before the first question, and its beginning.
    SHORTEST: Final = 0.02
    LONGEST: Final = 30.0
    BEGINNING: Final = 0.5

    def __init__(self) -> None:
        self._delay = self.BEGINNING
        self._shrink = 0.5

    @property
    def first(self) -> float:
        """Seconds to wait before the first question."""
        return self._delay

    def after(self, delay: float) -> float:
        """Seconds to wait after a question that came too early."""
        return min(delay * 1.5, self.LONGEST)

    def learn(self, took: float, *, at_once: bool) -> None:
        """Take note that a job was done *took* seconds after it was submitted."""
        if not at_once:
            self._shrink = 0.95
        wanted = self._delay * self._shrink if at_once else took * 1.1
        self._delay = min(max(wanted, self.SHORTEST), self.LONGEST)


def read_job_id(content: Json, base_url: str) -> str | None:
    """Take the job's id from an answer to a submit.

    None when the answer has none, or points at another server than ours: an address
    that we were told over the wire is never called.
    """
    url = str(content.get("job_status_url") or "")
    origin, ours = urlsplit(url), urlsplit(base_url)
    if (origin.scheme, origin.netloc) != (ours.scheme, ours.netloc):
        return None
    return origin.path.rstrip("/").rpartition("/")[2] or None


def read_status(content: Json) -> JobStatus:
    """Read a job's status; its ``data`` is JSON inside a text."""
    word = str(content.get("status", "")).casefold()
    data = content.get("data")
    if isinstance(data, str):
        try:
            data = orjson.loads(data)
        except orjson.JSONDecodeError:
            data = None
    facts = data if isinstance(data, dict) else {}
    failed = (facts.get("record_status") or {}).get("failed")
    complete = content.get("progress") == 100 and failed is not None
    return JobStatus(
        ended=word in ENDED or complete,
        failed=failed,
        report=facts.get("detailed_failure_report") or (),
    )


def outcome(status: JobStatus, identities: Sequence[str], call: str) -> BulkJob:
    """Attribute a report's failures to the rows, given their ids or e-mails."""
    positions: dict[str, list[int]] = {}
    for position, identity in enumerate(identities):
        positions.setdefault(identity.casefold(), []).append(position)
    refused: dict[int, RemoteError] = {}
    for entry in _entries(status.report):
        said = list(_scalars(entry))
        rows = next((positions[text] for text in said if text in positions), [])
        error = _refusal(entry, call)
        refused.update(dict.fromkeys(rows, error))
    return BulkJob(refused=refused, unnamed=max((status.failed or 0) - len(refused), 0))


def _entries(report: Json) -> Iterator[Json]:
    """List the failures of a report that is a list, or a table by identifier."""
    if isinstance(report, Mapping):
        yield from ([name, said] for name, said in report.items())
    elif isinstance(report, list | tuple):
        yield from report


def _scalars(value: Json) -> Iterator[str]:
    """List everything in an entry that may be an identifier."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _scalars(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _scalars(part)
    elif value is not None:
        yield str(value).casefold()


def _refusal(entry: Json, call: str) -> RemoteError:
    """Turn an entry into the error that a single call would have raised."""
    failure = crm_fault(400, entry)
    return RemoteError(
        failure.fault,
        call=call,
        status=400,
        messages=failure.messages or tuple(_scalars(entry)),
        field=failure.field,
    )
