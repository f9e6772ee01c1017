"""Bulk jobs: what their status says, which row failed, when to ask."""

import orjson
import pytest

from crosswalk.domain.faults import Fault
from crosswalk.domain.model import Json
from crosswalk.freshsales.bulk import (
    JobStatus,
    Pace,
    outcome,
    read_job_id,
    read_status,
)
from tests.samples import sample

BASE = "https://acme.myfreshworks.com/crm/sales/api"


@pytest.mark.parametrize(
    ("url", "job_id"),
    [
        (f"{BASE}/job_statuses/7", "7"),
        (f"{BASE}/job_statuses/7/", "7"),
        ("https://evil.example/job_statuses/7", None),
        ("http://acme.myfreshworks.com/job_statuses/7", None),
        ("https://acme.myfreshworks.com:444/job_statuses/7", None),
        ("https://acme.myfreshworks.com/", None),
        ("", None),
        (None, None),
    ],
)
def test_a_job_is_only_asked_for_at_our_own_server(
    url: str | None, job_id: str | None
) -> None:
    """
    An address on another scheme, host or port names no job.
    """
    assert read_job_id({"job_status_url": url}, BASE) == job_id


def test_a_status_holds_json_in_a_text() -> None:
    """
    The sample job has ended with two failed rows and a report on one.
    """
    status = read_status(sample("job_status"))
    assert (status.ended, status.failed) == (True, 2)
    assert status.report[0]["message"] == ["invalid email address"]


@pytest.mark.parametrize(
    ("content", "ended", "failed"),
    [
        ({"status": "IN_PROGRESS", "progress": 50, "data": None}, False, None),
        ({"status": "IN_PROGRESS", "progress": 100, "data": None}, False, None),
        (
            {
                "status": "WHATEVER",
                "progress": 100,
                "data": {"record_status": {"failed": 0}},
            },
            True,
            0,
        ),
        ({"status": "Failed", "data": "no json"}, True, None),
        ({"status": "SUCCESS", "data": "[]"}, True, None),
        ({}, False, None),
    ],
)
def test_a_job_has_ended_when_it_says_so_or_is_complete(
    content: Json,
    ended: bool,  # noqa: FBT001
    failed: int | None,
) -> None:
    """
    A known last word ends a job, and so does full progress that counts its rows.
    """
    status = read_status(content)
    assert (status.ended, status.failed) == (ended, failed)


@pytest.mark.parametrize(
    "report",
    [
        [{"emails": "B@x.y", "message": ["invalid email address"]}],
        [
            {
                "record": {"emails": ["b@X.y"]},
                "errors": {"message": "invalid email address"},
            }
        ],
        {"b@x.y": "invalid email address"},
        [["b@x.y", "invalid email address"]],
    ],
)
def test_a_failure_finds_its_row(report: Json) -> None:
    """
    Wherever an identifier that we sent stands in an entry, it names the row.
    """
    status = JobStatus(ended=True, failed=1, report=report)
    job = outcome(status, ["a@x.y", "b@x.y"], "POST /contacts/bulk_upsert")
    assert list(job.refused) == [1]
    assert job.refused[1].fault is Fault.REFUSED
    assert job.refused[1].call == "POST /contacts/bulk_upsert"
    assert "invalid email address" in str(job.refused[1])
    assert job.unnamed == 0


def test_numbers_name_rows_too() -> None:
    """
    An id may come back as a number, and a duplicate keeps its meaning and field.
    """
    report = [{"id": 7, "message": ["Email is not unique"]}]
    job = outcome(JobStatus(ended=True, failed=1, report=report), ["6", "7"], "c")
    assert job.refused[1].fault is Fault.DUPLICATE
    assert job.refused[1].field == "email"


@pytest.mark.parametrize(
    "report", [[], {}, [{"message": ["no"]}], [7, None], "text", None]
)
def test_what_names_no_row_is_counted(report: Json) -> None:
    """
    A failure that cannot be attributed is told by number and blamed on no row.
    """
    job = outcome(JobStatus(ended=True, failed=2, report=report), ["1", "2"], "c")
    assert (job.refused, job.unnamed) == ({}, 2)


def test_rows_with_one_identity_fail_together() -> None:
    """
    The same e-mail twice is refused twice, and no count goes below zero.
    """
    report = [{"emails": "a@x.y", "reason": "odd", "code": None}]
    status = JobStatus(ended=True, failed=1, report=report)
    job = outcome(status, ["a@x.y", "A@x.y"], "c")
    assert list(job.refused) == [0, 1]
    assert job.refused[0].messages == ("a@x.y", "odd")
    assert job.unnamed == 0


def test_a_report_inside_a_text_inside_a_text_is_no_trouble() -> None:
    """
    Data that decodes to another text has no facts.
    """
    content = {"status": "SUCCESS", "data": orjson.dumps("SUCCESS").decode()}
    assert read_status(content).failed is None


def test_the_first_question_moves_towards_the_time_that_jobs_take() -> None:
    """
    As long as every job is done at once the delay halves; after one that was not it
    stays behind what that one took, and shrinks slowly.
    """
    pace = Pace()
    assert pace.first == Pace.BEGINNING
    for _ in range(3):
        pace.learn(0.1, at_once=True)
    assert pace.first == Pace.BEGINNING / 8
    pace.learn(2.0, at_once=False)
    assert pace.first == pytest.approx(2.2)
    pace.learn(2.2, at_once=True)
    assert pace.first == pytest.approx(2.09)


def test_the_delay_has_bounds() -> None:
    """
    It is neither zero nor without end, whatever the jobs did.
    """
    pace = Pace()
    for _ in range(20):
        pace.learn(0.0, at_once=True)
    assert pace.first == Pace.SHORTEST
    pace.learn(9999.0, at_once=False)
    assert pace.first == Pace.LONGEST
    assert pace.after(1.0) == 1.5
    assert pace.after(29.0) == Pace.LONGEST
