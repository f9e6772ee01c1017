"""Requests to commercetools and its answers as values.

Paths are below ``<api_url>/<project key>``, but the token's, which is below the
authentication server. Section numbers are those of the commercetools contract.
"""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

import orjson

from crosswalk.domain.model import Json, Kind
from crosswalk.ports import Head, Mark, Project, ShopPage
from crosswalk.transport.message import Request

#: Where each kind of record lives.
RESOURCES: Final[Mapping[Kind, str]] = {
    Kind.PERSON: "customers",
    Kind.COMPANY: "business-units",
}

#: What names a record in its Ref: everything in the shop refers to a unit by its key.
NAMED_BY: Final[Mapping[Kind, str]] = {Kind.PERSON: "id", Kind.COMPANY: "key"}

#: What a person may call a record by.
CALLED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.PERSON: ("id", "key", "customerNumber", "email"),
    Kind.COMPANY: ("key", "id", "name"),
}

#: The most rows of a page (2.1).
MAX_ROWS: Final = 500
#: The most ids in one predicate: the edge refuses addresses above 15 KB (1.5).
MAX_IDS: Final = 100
#: A total under a predicate is never larger (2.1).
MAX_TOTAL: Final = 10_000

#: Whether inherited members count -> who has one of the customers as a member.
MEMBERS: Final[Mapping[bool, str]] = {
    False: "associates(customer(id in :ids))",
    True: "associates(customer(id in :ids))"
    " or inheritedAssociates(customer(id in :ids))",
}

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Leave to call the API for a while."""

    value: str
    #: Seconds from its issue.
    expires_in: float
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A page of any listing."""

    results: Sequence[Json]
    #: How many rows match in all, where it was asked for.
    total: int | None
    #: Whether the page is full, so that another may follow.
    full: bool


def token(client_id: str, client_secret: str, scopes: Collection[str]) -> Request:
    """Ask for a token; without *scopes* it carries all that the client has (1.2)."""
    proof = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    form = {"grant_type": "client_credentials"}
    if scopes:
        form["scope"] = " ".join(scopes)
    return Request(
        method="POST",
        path="/oauth/token",
        body=urlencode(form).encode(),
        headers={
            "Authorization": f"Basic {proof}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )


def project() -> Request:
    """Ask for the project's settings."""
    return _get("", ())


def records(kind: Kind, ids: Collection[str]) -> Request:
    """Ask for records by their Ref's id, at most `MAX_IDS`; the missing are left out.

    Raises:
        ValueError: there are too many ids.
    """
    return _get(
        f"/{RESOURCES[kind]}",
        [("where", f"{NAMED_BY[kind]} in :ids"), *_ids(ids), *_limit(MAX_IDS)],
    )


def called(kind: Kind, word: str) -> Request:
    """Ask for the records that a person may mean by a word."""
    where = " or ".join(f"{name} = :word" for name in CALLED[kind])
    word = quoted(word)
    return _get(
        f"/{RESOURCES[kind]}", [("where", where), ("var.word", word), *_limit(MAX_IDS)]
    )


def units_of(
    customers: Collection[str], *, inherited: bool, after: str = ""
) -> Request:
    """Ask for the units that have one of *customers* as a member."""
    where = [("where", MEMBERS[inherited]), *_ids(customers)]
    return _get("/business-units", [*where, *_from_id(after), *_limit(MAX_ROWS)])


def listing(resource: str, *, after: str = "") -> Request:
    """Ask for all records of a resource by id, a page at a time."""
    return _get(f"/{resource}", [*_from_id(after), *_limit(MAX_ROWS)])


def page(kind: Kind, *, after: Mark, limit: int) -> Request:
    """Ask for the records after a mark, oldest change first (2.3)."""
    order = [("sort", "lastModifiedAt asc"), ("sort", "id asc")]
    return _get(f"/{RESOURCES[kind]}", [*order, *_changed(after), *_limit(limit)])


def count(resource: str, *, after: Mark | None = None) -> Request:
    """Ask only for the number of records after a mark."""
    return _get(
        f"/{resource}",
        [*_changed(after or Mark()), ("limit", "0"), ("withTotal", "true")],
    )


def read_token(content: Json) -> Token:
    """Read the answer to `token`."""
    return Token(
        value=content["access_token"],
        expires_in=float(content["expires_in"]),
        scopes=tuple(content.get("scope", "").split()),
    )


def read_rows(content: Json) -> Rows:
    """Read a page of any listing; a limit of 0 is never full."""
    results, limit = content["results"], content.get("limit", MAX_ROWS)
    return Rows(
        results=results,
        total=content.get("total"),
        full=0 < limit <= len(results),
    )


def read_page(kind: Kind, content: Json, *, at: datetime) -> ShopPage:
    """Read the answer to `page`, given the server's clock."""
    rows = read_rows(content)
    heads = [_head(kind, row) for row in rows.results]
    return ShopPage(heads=heads, at=at, more=rows.full)


def read_count(content: Json, *, after: Mark) -> int | None:
    """Read the answer to `count`; None when it may be more than the shop counts."""
    total = read_rows(content).total
    capped = after.modified_at and total is not None and total >= MAX_TOTAL
    return None if capped else total


def read_project(content: Json, *, at: datetime) -> Project:
    """Read the answer to `project`."""
    return Project(
        key=content["key"],
        name=content.get("name", ""),
        languages=content.get("languages", []),
        currencies=content.get("currencies", []),
        countries=content.get("countries", []),
        at=at,
    )


def authorised(request: Request, token: Token, correlation_id: str) -> Request:
    """Put the token on a request, and an id by which both sides find it again."""
    headers = {
        "Authorization": f"Bearer {token.value}",
        "X-Correlation-ID": correlation_id,
    }
    return replace(request, headers=headers)


def read_time(text: str) -> datetime:
    """Read a timestamp of the shop."""
    return datetime.fromisoformat(text)


def _head(kind: Kind, row: Json) -> Head:
    modified_at = row["lastModifiedAt"]
    return Head(
        id=row[NAMED_BY[kind]],
        version=row["version"],
        mark=Mark(modified_at=modified_at, id=row["id"]),
        modified_at=read_time(modified_at),
    )


def _get(path: str, parameters: Parameters) -> Request:
    return Request(method="GET", path=path, query=urlencode(parameters))


def _ids(ids: Collection[str]) -> Parameters:
    if len(ids) > MAX_IDS:
        raise ValueError(f"{len(ids)} ids asked for at once, {MAX_IDS} is the most")
    return [("var.ids", quoted(id_)) for id_ in ids]


def _from_id(after: str) -> Parameters:
    order = ("sort", "id asc")
    return [order, ("where", f"id > {quoted(after)}")] if after else [order]


def _limit(limit: int) -> Parameters:
    return [("limit", str(limit)), ("withTotal", "false")]


def _changed(after: Mark) -> Parameters:
    """Limit to what comes after a mark; nothing to say when it is the first."""
    if not after.modified_at:
        return []
    time, id_ = quoted(after.modified_at), quoted(after.id)
    same = f"lastModifiedAt = {time} and id > {id_}"
    return [("where", f"(lastModifiedAt > {time} or ({same}))")]


def quoted(text: str) -> str:
    """Write a text as a predicate's literal: JSON escapes hold (2.2)."""
    return orjson.dumps(text).decode()
