"""Bulk upserts: accepted at once, processed later, told by a job's status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from crosswalk.simulators.freshsales.account import Account
from crosswalk.simulators.freshsales.errors import (
    NotFoundError,
    RefusalError,
    missing_attributes,
)
from crosswalk.simulators.freshsales.store import Table
from crosswalk.simulators.freshsales.writing import Identifier, upsert

#: The most rows of a call.
MAX_ROWS: Final = 100

FIRST_JOB_ID: Final = 71_900_000_001

#: Keys of a row that bulk loses when `bulk_drops_associations` is on.
ASSOCIATIONS: Final = frozenset(
    {"sales_accounts", "sales_account_id", "parent_sales_account_id"}
)


@dataclass(slots=True, kw_only=True)
class Job:
    """One accepted bulk call."""

    id: int
    table: Table
    rows: list[Any]
    user_id: int
    #: Unix times.
    created_at: float
    due_at: float
    done_at: float | None = None
    succeeded: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)


class Jobs:
    """All bulk jobs, of which those that are due run before anything is answered."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._jobs: dict[int, Job] = {}
        self._waiting: list[Job] = []

    def accept(self, table: Table, rows: object, *, user_id: int) -> Job:
        """Take the rows of one call.

        Raises:
            RefusalError: there are none, or more than `MAX_ROWS`.
        """
        if not isinstance(rows, list) or not rows:
            raise missing_attributes()
        if len(rows) > MAX_ROWS:
            raise RefusalError(f"Only {MAX_ROWS} records can be processed at a time")
        now = self._account.clock.timestamp()
        job = Job(
            id=FIRST_JOB_ID + len(self._jobs),
            table=table,
            rows=rows,
            user_id=user_id,
            created_at=now,
            due_at=now + self._account.switches.number("bulk_delay_seconds"),
        )
        self._jobs[job.id] = job
        self._waiting.append(job)
        return job

    def run_due(self) -> None:
        """Process every job whose time has come, the oldest first."""
        if not self._waiting:
            return
        now = self._account.clock.timestamp()
        due = [job for job in self._waiting if job.due_at <= now]
        self._waiting = [job for job in self._waiting if job.due_at > now]
        for job in due:
            _process(job, now)

    def status(self, job_id: str) -> dict[str, Any]:
        """Return the status of a job.

        Raises:
            NotFoundError: there is none of this id, or it was kept long enough.
        """
        job = self._jobs.get(int(job_id)) if job_id.isdecimal() else None
        switches = self._account.switches
        now, kept = (
            self._account.clock.timestamp(),
            switches.number("job_retention_seconds"),
        )
        if job is None or (kept and now - job.created_at > kept):
            raise NotFoundError("Job")
        done = job.done_at is not None
        return {
            "id": job.id,
            "created_at": self._account.spell(int(job.created_at)),
            "status_updated_at": self._account.spell(int(job.done_at or now)),
            "job_type_name": f"{job.table.module.label}BulkUpsert",
            "progress": 100 if done else _progress(job, now),
            "status": "SUCCESS" if done else switches.text("bulk_pending_word"),
            "data": orjson.dumps(
                _report(job, switches.text("bulk_failure_report"))
            ).decode()
            if done
            else None,
        }


def _progress(job: Job, now: float) -> int:
    return min(int(100 * (now - job.created_at) / (job.due_at - job.created_at)), 99)


def _report(job: Job, detail: str) -> dict[str, Any]:
    """Return what ``data`` holds; how failures look has never been published."""
    failures = {
        "identified": job.failures,
        "bare": [{"message": failure["message"]} for failure in job.failures],
        "empty": [],
    }[detail]
    counts = {"succeeded": job.succeeded, "failed": len(job.failures)}
    return {"record_status": counts, "detailed_failure_report": failures}


def _process(job: Job, now: float) -> None:
    """Upsert row by row; a row that is refused fails alone."""
    switches = job.table.account.switches
    rows = job.rows[::-1] if switches.on("bulk_reverse_order") else job.rows
    for row in rows:
        try:
            identifier, data = _read_row(row)
            if switches.on("bulk_drops_associations"):
                data = {k: v for k, v in data.items() if k not in ASSOCIATIONS}
            upsert(job.table, identifier, data, user_id=job.user_id)
        except RefusalError as error:
            keys = row if isinstance(row, dict) else {}
            own = {key: value for key, value in keys.items() if key != "data"}
            job.failures.append({**own, "message": list(error.messages)})
        else:
            job.succeeded += 1
    job.rows = []
    job.done_at = now


def _read_row(row: object) -> tuple[Identifier, Mapping[str, Any]]:
    """Split a row into the one key that identifies it and its ``data``."""
    if not isinstance(row, dict) or not isinstance(row.get("data"), dict):
        raise missing_attributes()
    keys = row.keys() - {"data"}
    if len(keys) != 1:
        raise missing_attributes()
    name = keys.pop()
    return Identifier(name=name, value=row[name]), row["data"]
