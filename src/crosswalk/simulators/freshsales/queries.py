"""The endpoints that belong to no single record: search, selectors, settings, jobs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crosswalk.simulators.freshsales.bodies import body
from crosswalk.simulators.freshsales.calls import (
    INCLUDE,
    PAGING,
    Answer,
    Call,
    Endpoint,
    answer,
    endpoint,
    no_such_path,
)
from crosswalk.simulators.freshsales.endpoints import many
from crosswalk.simulators.freshsales.errors import ForbiddenError, missing_attributes
from crosswalk.simulators.freshsales.filtering import matching, read_rules
from crosswalk.simulators.freshsales.modules import BY_SINGULAR
from crosswalk.simulators.freshsales.search import lookup_fields, search_row
from crosswalk.simulators.freshsales.selectors import Selectors
from crosswalk.simulators.freshsales.views import page_of, read_page

#: Entities of /search that are no module here and so have no rows.
WITHOUT_ROWS: Final = frozenset({"deal", "user"})

#: The most rows of /search, whatever per_page says.
MOST_ROWS: Final = 100


def _search(call: Call) -> Answer:
    text = call.query.get("q", "")
    if not text:
        raise missing_attributes()
    default = str(int(call.tenant.switches.number("search_rows")))
    per_page = call.query.get("per_page", default)
    limit = min(int(per_page) if per_page.isdecimal() else 0, MOST_ROWS)
    found = []
    for entity in _entities(call, "include", WITHOUT_ROWS) or list(BY_SINGULAR):
        plural = BY_SINGULAR[entity].plural
        records = call.tenant.indexes[plural].prefixed(text)
        found += [search_row(record, call.tables[plural]) for record in records[:limit]]
    return answer(found[:limit])


def _lookup(call: Call) -> Answer:
    text, name = call.query.get("q", ""), call.query.get("f", "")
    entities = _entities(call, "entities", frozenset())
    if not (text and name and entities):
        raise missing_attributes()
    tables = [call.tables[BY_SINGULAR[entity].plural] for entity in entities]
    if not any(name in lookup_fields(table) for table in tables):
        raise missing_attributes()
    content = {}
    for table in tables:
        plural = table.module.plural
        records = call.tenant.indexes[plural].exact(name, text)
        rows = [body(record, table, row=True) for record in records]
        content[plural] = {plural: rows, "meta": {"total": len(rows)}}
    return answer(content)


def _entities(call: Call, parameter: str, silent: frozenset[str]) -> list[str]:
    """Return the modules named in a parameter, of which *silent* ones have no rows."""
    words = [word for word in call.query.get(parameter, "").split(",") if word]
    if call.strict and not silent.union(BY_SINGULAR).issuperset(words):
        raise missing_attributes()
    return [word for word in words if word in BY_SINGULAR]


def _filtered_search(call: Call) -> Answer:
    values = {**call.body, **call.query}
    include = call.include(values)
    page = read_page(values, call.table)
    rules = read_rules(call.body.get("filter_rule"), call.table)
    rows = page_of(matching(rules, call.table), page, call.tenant.switches)
    return answer(many(call, call.table, rows, include))


def _selector(call: Call) -> Answer:
    name = call.segments[1]
    if name == "owners" and call.key.restricted:
        raise ForbiddenError
    selectors = call.tenant.account.selectors
    rows = [_spelled(name, row, selectors) for row in selectors.rows(name)]
    content: dict[str, Any] = {"users" if name == "owners" else name: rows}
    if name == "lifecycle_stages" and call.query.get("include") == "contact_statuses":
        content["contact_statuses"] = selectors.rows("contact_statuses")
    return answer(content)


def _spelled(
    name: str, row: Mapping[str, Any], selectors: Selectors
) -> Mapping[str, Any]:
    """Pipelines show their stages; all else is shown as it is."""
    if name != "deal_pipelines":
        return row
    stages = _stages(selectors, row["id"])
    return {**row, "configs": [], "aggregated_field": None, "deal_stages": stages}


def _stages(selectors: Selectors, pipeline_id: int) -> list[dict[str, Any]]:
    stages = selectors.rows("deal_stages")
    return [stage for stage in stages if stage["deal_pipeline_id"] == pipeline_id]


def _pipeline_stages(call: Call) -> Answer:
    selectors = call.tenant.account.selectors
    if selectors.get("deal_pipelines", int(call.id)) is None:
        raise no_such_path()
    return answer({"deal_stages": _stages(selectors, int(call.id))})


def _activity_outcomes(call: Call) -> Answer:
    selectors = call.tenant.account.selectors
    if selectors.get("sales_activity_types", int(call.id)) is None:
        raise no_such_path()
    name = "sales_activity_outcomes"
    return answer({name: selectors.rows(name)})


def _fields(call: Call) -> Answer:
    fields = call.table.fields.by_name.values()
    content: dict[str, Any] = {
        "fields": [field.content(n) for n, field in enumerate(fields, 1)]
    }
    if call.query.get("include") == "field_group":
        group = {"id": 71_000_000_000, "name": "basic_information", "position": 1}
        content["field_groups"] = [group]
    return answer(content)


def _job_status(call: Call) -> Answer:
    return answer(call.tenant.jobs.status(call.id))


QUERIES: Final[Sequence[Endpoint]] = (
    endpoint("GET", "search", _search, frozenset({"q", "per_page"}) | INCLUDE),
    endpoint("GET", "lookup", _lookup, frozenset({"q", "f", "entities"})),
    endpoint("POST", "filtered_search/{entity}", _filtered_search, PAGING),
    endpoint("GET", "settings/{module}/fields", _fields, INCLUDE),
    endpoint("GET", "job_statuses/{id}", _job_status),
    endpoint("GET", "selector/deal_pipelines/{id}/deal_stages", _pipeline_stages),
    endpoint(
        "GET",
        "selector/sales_activity_types/{id}/sales_activity_outcomes",
        _activity_outcomes,
    ),
    *(
        endpoint("GET", f"selector/{name}", _selector, INCLUDE)
        for name in Selectors().names
    ),
)
