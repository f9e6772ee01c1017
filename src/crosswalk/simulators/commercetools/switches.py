"""Every doubtful or faulty behaviour of the simulated API, in one table."""

from typing import Final

from crosswalk.simulators.switches import Switch

SWITCHES: Final = (
    Switch(
        name="token_seconds",
        default=172_800,
        meaning="Life of an access token; for clients that name no life of their own.",
    ),
    Switch(
        name="list_lag_seconds",
        default=0.0,
        meaning="Lists answer with the state of that many seconds ago.",
    ),
    Switch(
        name="lag_by_id",
        default=False,
        meaning="Reads by id and by key lag as lists do.",
    ),
    Switch(
        name="lowercase_email",
        default=True,
        meaning="The query-only field lowercaseEmail exists; off answers 400.",
    ),
    Switch(
        name="inherited_in_predicates",
        default=True,
        meaning="A predicate may name inheritedAssociates; off answers 400.",
    ),
    Switch(
        name="unknown_custom_field",
        default="refuse",
        choices=("refuse", "nothing"),
        meaning="A predicate on a custom field of no Type: 400, or matches nothing.",
    ),
    Switch(
        name="unknown_body_field",
        default="refuse",
        choices=("refuse", "ignore"),
        meaning="A field that a draft or an action does not know: 400, or ignored.",
    ),
    Switch(
        name="global_store_email_clash",
        default="allow",
        choices=("allow", "refuse"),
        meaning="A global and a store customer may share an e-mail, or may not.",
    ),
    Switch(
        name="delete_associate",
        default="refuse",
        choices=("refuse", "allow"),
        meaning="Deleting a customer that is an associate: ReferenceExists, or done.",
    ),
    Switch(
        name="messages_enabled",
        default=False,
        meaning="Messages are kept for queries although the project did not ask.",
    ),
    Switch(
        name="business_units_enabled",
        default=True,
        meaning="The project has B2B; off answers 403 on units and associate roles.",
    ),
    Switch(
        name="latency_ms",
        default=0.0,
        meaning="Every call takes at least that many milliseconds.",
    ),
    Switch(
        name="limit_every_nth",
        default=0,
        meaning="Every nth call is answered 429; 0 is never.",
    ),
    Switch(
        name="retry_after_seconds",
        default=1,
        meaning="The Retry-After of a 429.",
    ),
    Switch(
        name="fail_rate",
        default=0.0,
        meaning="The share of calls, 0 to 1, that fail with fail_status undone.",
    ),
    Switch(
        name="fail_next",
        default=0,
        meaning="The next n calls fail with fail_status and do nothing.",
    ),
    Switch(
        name="fail_status",
        default="503",
        choices=("500", "502", "503", "504"),
        meaning="The HTTP status of calls that fail.",
    ),
    Switch(
        name="fail_after_commit_next",
        default=0,
        meaning="The next n writes are done, then answered with fail_status.",
    ),
    Switch(
        name="drop_before_commit_next",
        default=0,
        meaning="The next n writes are not done and lose their connection.",
    ),
    Switch(
        name="drop_after_commit_next",
        default=0,
        meaning="The next n writes are done and lose their connection.",
    ),
    Switch(
        name="token_fail_next",
        default=0,
        meaning="The next n token requests fail with fail_status.",
    ),
)
