"""Every behaviour of Freshsales that a test may choose, in one table.

A behaviour is here because public sources disagree about it, because nobody has
written down what happens, or because it is a fault that a client must survive.
"""

from typing import Final

from crosswalk.simulators.switches import Switch

SWITCHES: Final = (
    # Answers.
    Switch(
        name="create_status",
        default=200,
        meaning="HTTP status of a successful create: 200 or 201 (sources disagree).",
    ),
    Switch(
        name="upsert_always_200",
        default=False,
        meaning="An upsert answers 200 even when it created the record.",
    ),
    Switch(
        name="delete_status",
        default=200,
        meaning="HTTP status of a delete: 200 with the body true, or 204 without.",
    ),
    Switch(
        name="error_message_as_string",
        default=False,
        meaning="errors.message is one string instead of an array.",
    ),
    Switch(
        name="uniqueness_error_code",
        default=False,
        meaning="A duplicate's error carries error_code 3002 beside code.",
    ),
    Switch(
        name="duplicate_text",
        default="already_exists",
        choices=("already_exists", "not_unique"),
        meaning='Wording: "<value> already exists." or "<Field> is not unique".',
    ),
    Switch(
        name="unknown_parameter",
        default="refuse",
        choices=("refuse", "ignore"),
        meaning="What an unknown query parameter, include or sort field leads to.",
    ),
    Switch(
        name="time_zone",
        default="Etc/UTC",
        meaning="The account's time zone (IANA name); timestamps carry its offset.",
    ),
    Switch(
        name="millisecond_timestamps",
        default=False,
        meaning="created_at and updated_at are kept in milliseconds, not seconds.",
    ),
    # Writing.
    Switch(
        name="custom_field_update",
        default="merge",
        choices=("merge", "replace"),
        meaning="Whether custom_field in an update merges or replaces the whole map.",
    ),
    Switch(
        name="unknown_custom_field",
        default="ignore",
        choices=("ignore", "refuse"),
        meaning="What a cf_ key that nobody configured leads to.",
    ),
    Switch(
        name="invalid_choice",
        default="drop",
        choices=("drop", "refuse"),
        meaning="What a custom dropdown value outside its choices leads to.",
    ),
    Switch(
        name="unchanged_update_bumps",
        default=True,
        meaning="An update that changes no value still moves updated_at.",
    ),
    Switch(
        name="writable_timestamps",
        default=False,
        meaning="created_at and updated_at in a write are stored, not ignored.",
    ),
    Switch(
        name="stage_ids_on_update",
        default="apply",
        choices=("apply", "ignore"),
        meaning="Whether an update may move lifecycle stage and contact status.",
    ),
    Switch(
        name="unique_email",
        default=True,
        meaning="The primary e-mail of contacts is unique, without regard to case.",
    ),
    Switch(
        name="unique_account_name",
        default="auto",
        choices=("auto", "on", "off"),
        meaning="Uniqueness of account names; auto: until a custom field is unique.",
    ),
    Switch(
        name="deleted_blocks_unique",
        default=False,
        meaning="Unique values of soft-deleted records cannot be used again.",
    ),
    Switch(
        name="upsert_revives_deleted",
        default=False,
        meaning="An upsert that matches only a soft-deleted record restores it.",
    ),
    Switch(
        name="upsert_by_unique_field",
        default=True,
        meaning="Upserts accept external_id and unique cf_ fields as identifier.",
    ),
    Switch(
        name="unicode_emails",
        default=True,
        meaning="E-mail addresses with letters beyond ASCII are accepted.",
    ),
    # Respelling: the answer differs from what was sent.
    Switch(
        name="respell_phones",
        default=False,
        meaning='Phones are stored in another spelling: "+4930123" as "+49 30123".',
    ),
    Switch(
        name="trim_text",
        default=False,
        meaning="Blanks around text values are cut off.",
    ),
    Switch(
        name="title_case_country",
        default=False,
        meaning='country is stored in title case: "GERMANY" as "Germany".',
    ),
    Switch(
        name="lower_case_emails",
        default=False,
        meaning="E-mail addresses are stored in lower case.",
    ),
    Switch(
        name="dates_as_datetimes",
        default=False,
        meaning="Custom date fields come back as full timestamps at midnight.",
    ),
    # Lists and search.
    Switch(
        name="index_lag_seconds",
        default=0.0,
        meaning="Seconds until /search, /lookup and /filtered_search see a write.",
    ),
    Switch(
        name="rows_carry_custom_field",
        default=True,
        meaning="Rows of views and filtered searches carry custom_field.",
    ),
    Switch(
        name="short_pages",
        default=False,
        meaning="Pages hold a tenth fewer rows than asked for, also before the end.",
    ),
    Switch(
        name="per_page_cap",
        default=100,
        meaning="The most rows on a page, whatever per_page says.",
    ),
    Switch(
        name="search_rows",
        default=10,
        meaning="Rows of /search when per_page is missing.",
    ),
    Switch(
        name="date_filter_granularity",
        default="second",
        choices=("second", "day"),
        meaning="How finely is_after and is_before compare.",
    ),
    # Bulk jobs.
    Switch(
        name="bulk_delay_seconds",
        default=0.0,
        meaning="Seconds from accepting a bulk job to processing its rows.",
    ),
    Switch(
        name="bulk_pending_word",
        default="IN_PROGRESS",
        meaning="job_statuses.status before SUCCESS.",
    ),
    Switch(
        name="bulk_drops_associations",
        default=True,
        meaning="sales_accounts in a bulk row are ignored without an error.",
    ),
    Switch(
        name="bulk_failure_report",
        default="identified",
        choices=("identified", "bare", "empty"),
        meaning="Failed rows with identifier and text, with text only, or left out.",
    ),
    Switch(
        name="bulk_reverse_order",
        default=False,
        meaning="The rows of a bulk job are processed from the last to the first.",
    ),
    Switch(
        name="job_retention_seconds",
        default=0.0,
        meaning="Seconds after which a job's status answers 404; 0 keeps it for ever.",
    ),
    Switch(
        name="job_status_base",
        default="",
        meaning="Base URL in job_status_url instead of the server's own.",
    ),
    # Quota.
    Switch(
        name="calls_per_hour",
        default=0,
        meaning="Free and Growth 1000, Pro 2000, Enterprise 5000; 0 is unlimited.",
    ),
    Switch(
        name="calls_per_minute",
        default=0,
        meaning="Calls allowed in a minute, 400 on real accounts; 0 is unlimited.",
    ),
    Switch(
        name="rate_limit_window",
        default="clock",
        choices=("clock", "sliding"),
        meaning="Whether quotas refill at the full hour and minute, or slide.",
    ),
    Switch(
        name="rate_limit_headers",
        default=True,
        meaning="Answers of an account with an hourly quota carry x-ratelimit-*.",
    ),
    Switch(
        name="rate_limit_reset",
        default="date",
        choices=("date", "epoch", "seconds"),
        meaning="x-ratelimit-reset as DDMMYYhhmmss, as Unix time or as seconds left.",
    ),
    Switch(
        name="retry_after",
        default=True,
        meaning="A 429 for an exceeded quota carries Retry-After.",
    ),
    # Faults: counters use themselves up.
    Switch(
        name="edge_throttle_next",
        default=0,
        meaning="The next n calls meet a 429 with HTML before authentication.",
    ),
    Switch(
        name="edge_retry_after",
        default=300,
        meaning="Seconds in the Retry-After of such an edge 429.",
    ),
    Switch(
        name="inner_throttle_next",
        default=0,
        meaning="The next n calls on contacts meet a 400 that hides an inner 429.",
    ),
    Switch(
        name="lookup_forbidden_next",
        default=0,
        meaning="The next n lookups are answered 403.",
    ),
    Switch(
        name="bulk_busy_next",
        default=0,
        meaning="The next n bulk upserts are answered 405.",
    ),
    Switch(
        name="server_error_next",
        default=0,
        meaning="The next n calls are answered server_error_status, nothing done.",
    ),
    Switch(
        name="server_error_status",
        default=500,
        meaning="The status of such an answer: 500, 502, 503, ...",
    ),
    Switch(
        name="drop_before_commit_next",
        default=0,
        meaning="The next n writes lose their connection and are not done.",
    ),
    Switch(
        name="drop_after_commit_next",
        default=0,
        meaning="The next n writes are done, then their connection is lost.",
    ),
    Switch(
        name="latency_ms",
        default=0.0,
        meaning="Milliseconds that every answer waits.",
    ),
)
