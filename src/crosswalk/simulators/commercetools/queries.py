"""Lists: which records pass, in which order, and the one page that was asked for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import orjson

from crosswalk.simulators.commercetools.moments import normal_moment
from crosswalk.simulators.commercetools.parameters import ListParameters, malformed
from crosswalk.simulators.commercetools.predicate.compile import Test, compile_test
from crosswalk.simulators.commercetools.predicate.hints import (
    equalities,
    highest,
    lowest,
)
from crosswalk.simulators.commercetools.predicate.syntax import (
    All,
    Node,
    PredicateError,
    parse,
)
from crosswalk.simulators.commercetools.predicate.values import Scope
from crosswalk.simulators.commercetools.sorting import Sort, read_sort, sort_rows
from crosswalk.simulators.commercetools.store import ORDERS, Row, Table
from crosswalk.simulators.commercetools.world import World

#: Totals of filtered lists count no further (contract 2.1).
MOST_TOTAL: Final = 10_000

#: The sorts that every order of the store ends in.
_BY_ID: Final = Sort("id", descending=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list."""

    rows: list[Row]
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """A list request that was understood."""

    #: All predicates as one; None when there is none.
    node: Node | None
    test: Test
    sorts: list[Sort]
    scope: Scope


def run_query(world: World, table: Table, wanted: ListParameters) -> Page:
    """Return the page that *wanted* asks for.

    Raises:
        ApiError: a predicate or a sort is refused.
    """
    query = _understand(world, table, wanted)
    past = world.past(table)
    end = wanted.offset + wanted.limit
    order = _order_for(query.sorts)
    if order is not None and _looked_up(table, query) is None:
        rows = _first_in_order(table, query, past, order=order, end=end)
        total = _total(table, query, past) if wanted.with_total else None
    else:
        rows = list(_passing(table, query, past))
        sort_rows(rows, query.sorts)
        most = MOST_TOTAL if query.node else len(rows)
        total = min(len(rows), most) if wanted.with_total else None
    return Page(rows=rows[wanted.offset : end], total=total)


def _understand(world: World, table: Table, wanted: ListParameters) -> _Query:
    scope = world.scope(wanted.variables)
    try:
        nodes = tuple(parse(text) for text in wanted.where)
        tests = [compile_test(node, table.spec.kind, scope) for node in nodes]
    except PredicateError as error:
        raise malformed("where", str(error)) from error
    return _Query(
        node=All(nodes) if nodes else None,
        test=_both(tests),
        sorts=[read_sort(text, table.spec, scope) for text in wanted.sort],
        scope=scope,
    )


def _both(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda record: all(test(record) for test in tests)


def _order_for(sorts: list[Sort]) -> str | None:
    """Return the order of the store that *sorts* asks for, if there is one."""
    match sorts:
        case [Sort(path, False)] | [Sort(path, False), Sort("id", False)]:
            return path if path in ORDERS else None
        case _:
            return None


def _first_in_order(
    table: Table,
    query: _Query,
    past: dict[str, Row | None],
    *,
    order: str,
    end: int,
) -> list[Row]:
    """Return the first *end* rows that pass, read along an order of the store."""
    ids = (record_id for _, record_id in _range(table, query, order))
    current = (table.rows[i] for i in ids if i not in past)
    found = list(islice((r for r in current if query.test(r.record)), end))
    then = [row for row in past.values() if row and query.test(row.record)]
    if then:
        found.extend(then)
        sort_rows(found, [*query.sorts, _BY_ID])
    return found[:end]


def _range(table: Table, query: _Query, order: str) -> Iterable[tuple[str, str]]:
    """Return the part of an order in which everything that passes must be."""
    index: Iterable[tuple[str, str]] = table.orders[order]
    if query.node is None:
        return index
    low = lowest(query.node, order, query.scope)
    high = highest(query.node, order, query.scope)
    between: Iterable[tuple[str, str]] = table.orders[order].irange(low, high)
    return between


def _passing(table: Table, query: _Query, past: dict[str, Row | None]) -> Iterator[Row]:
    ids = _looked_up(table, query)
    for record_id in _scanned(table, query) if ids is None else ids:
        if record_id not in past:
            row = table.rows[record_id]
            if query.test(row.record):
                yield row
    for then in past.values():
        if then is not None and query.test(then.record):
            yield then


def _scanned(table: Table, query: _Query) -> Iterable[str]:
    """Yield the ids of a scan, cut down by what the predicate promises."""
    if query.node is None:
        yield from table.rows
        return
    needles = [
        [orjson.dumps(value) for value in values]
        for _, values in equalities(query.node, query.scope)
        if not any(map(normal_moment, values))
    ]
    low = lowest(query.node, "lastModifiedAt", query.scope)
    in_range = (i for _, i in _range(table, query, "lastModifiedAt"))
    for record_id in in_range if low is not None else table.rows:
        body = table.rows[record_id].body
        if all(any(needle in body for needle in one) for one in needles):
            yield record_id


def _looked_up(table: Table, query: _Query) -> list[str] | None:
    """Return the ids that a predicate names by themselves or by a look-up."""
    if query.node is None:
        return None
    smallest: set[str] | None = None
    for path, values in equalities(query.node, query.scope):
        if path == "id" or path in table.spec.lookups:
            ids = set[str]().union(*(table.ids(path, value) for value in values))
            if smallest is None or len(ids) < len(smallest):
                smallest = ids
    if smallest is None:
        return None
    return sorted(smallest)


def _total(table: Table, query: _Query, past: dict[str, Row | None]) -> int:
    if query.node is None:
        gained = sum(row is not None for row in past.values())
        return len(table.rows) - len(past.keys() & table.rows.keys()) + gained
    return sum(1 for _ in islice(_passing(table, query, past), MOST_TOTAL))
