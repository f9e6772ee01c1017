-- What Crosswalk remembers. Keys compare bytewise (COLLATE "C"): the order in which
-- statements lock rows must not depend on the server's locale.

-- Every change that was ever received, and how it ended.
CREATE TABLE ledger (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    identity text COLLATE "C" NOT NULL UNIQUE,
    entity text COLLATE "C" NOT NULL,
    ref text COLLATE "C" NOT NULL,
    source text NOT NULL,
    version bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN (
        'received', 'done', 'superseded', 'ignored', 'parked', 'review', 'erased')),
    because text
);
CREATE INDEX ledger_open ON ledger (entity)
    WHERE state IN ('received', 'parked', 'review');
CREATE INDEX ledger_ref ON ledger (ref, number);

-- What is still to be done: one row an entity, however many changes it has.
CREATE TABLE pending (
    entity text COLLATE "C" PRIMARY KEY,
    kind text NOT NULL,
    partition integer NOT NULL,
    state text NOT NULL CHECK (state IN ('ready', 'waiting', 'parked', 'review')),
    lane smallint NOT NULL,
    -- Counts up with each new change: who settles an entity must have seen the last.
    generation bigint NOT NULL,
    -- The highest ledger number among its changes.
    ledger bigint NOT NULL,
    -- The highest shop version announced; 0 when nobody told one.
    version bigint NOT NULL,
    -- Whether a change came from the CRM.
    crm_moved boolean NOT NULL,
    not_before timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    waits_for text COLLATE "C",
    because text,
    detail jsonb,
    -- When its oldest unprocessed change arrived.
    first_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((state = 'waiting') = (waits_for IS NOT NULL)),
    CHECK (state <> 'parked' OR because IS NOT NULL)
) WITH (fillfactor = 70);
CREATE INDEX pending_due ON pending (partition, lane, first_at)
    WHERE state IN ('ready', 'waiting');
CREATE INDEX pending_soonest ON pending (partition, not_before)
    WHERE state IN ('ready', 'waiting');
CREATE INDEX pending_waiting ON pending (waits_for) WHERE state = 'waiting';
CREATE INDEX pending_parked ON pending (because, entity) WHERE state = 'parked';

-- Word that a drain leaves for entities that are not its own: what to make ready (or
-- whoever waits for it) once the drain's transaction has committed.
CREATE TABLE follow_ups (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entity text COLLATE "C" NOT NULL,
    waits boolean NOT NULL,
    kind text,
    partition integer,
    lane smallint,
    source text,
    crm_moved boolean
);

-- Who drains a partition. The epoch is the fence: an older one may not write.
CREATE TABLE partitions (
    partition integer PRIMARY KEY,
    epoch bigint NOT NULL,
    holder bigint,
    job bigint,
    taken_at timestamptz NOT NULL DEFAULT now()
);

-- Which record here is which record there.
CREATE TABLE links (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    shop_id text COLLATE "C" NOT NULL,
    crm_id text COLLATE "C" NOT NULL,
    role text NOT NULL CHECK (role IN ('primary', 'secondary')),
    rule text NOT NULL,
    evidence jsonb NOT NULL,
    actor text NOT NULL,
    linked_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_because text,
    CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);
-- A shop record is one crm record at most.
CREATE UNIQUE INDEX links_one_crm ON links (kind, shop_id) WHERE ended_at IS NULL;
-- A crm record answers to one shop record at most.
CREATE UNIQUE INDEX links_one_owner ON links (kind, crm_id)
    WHERE ended_at IS NULL AND role = 'primary';
CREATE INDEX links_of_crm ON links (kind, crm_id) WHERE ended_at IS NULL;

-- What both sides last agreed on: {field: [shop, crm]}.
CREATE TABLE bases (
    link bigint PRIMARY KEY REFERENCES links,
    agreed jsonb NOT NULL,
    shop_version bigint NOT NULL,
    config_hash text NOT NULL,
    agreed_at timestamptz NOT NULL
) WITH (fillfactor = 70);

-- Which people belong to which company: the shop tells it of the company only.
CREATE TABLE memberships (
    company text COLLATE "C" NOT NULL,
    person text COLLATE "C" NOT NULL,
    PRIMARY KEY (company, person)
);

-- Every write, from the moment before it was sent.
CREATE TABLE journal (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entity text COLLATE "C" NOT NULL,
    crm_id text COLLATE "C",
    run bigint,
    verb text NOT NULL,
    fields jsonb NOT NULL,
    cause text NOT NULL,
    config_hash text NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('intent', 'done', 'refused', 'unknown')),
    answer jsonb,
    concluded_at timestamptz,
    epoch bigint NOT NULL,
    CHECK ((state = 'intent') = (concluded_at IS NULL))
);
CREATE INDEX journal_entity ON journal (entity, number);
CREATE INDEX journal_open ON journal (entity) WHERE state IN ('intent', 'unknown');

-- What the CRM holds, as far as we have seen: identity without a call.
CREATE TABLE crm_index (
    kind text NOT NULL,
    crm_id text COLLATE "C" NOT NULL,
    external_id text COLLATE "C",
    emails text[] NOT NULL,
    email_keys text[] NOT NULL,
    mobile text,
    name text NOT NULL,
    updated_at timestamptz NOT NULL,
    fields jsonb NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (kind, crm_id)
);
CREATE INDEX crm_index_emails ON crm_index USING gin (email_keys);
CREATE INDEX crm_index_external ON crm_index (kind, external_id)
    WHERE external_id IS NOT NULL;
CREATE INDEX crm_index_mobile ON crm_index (kind, mobile) WHERE mobile IS NOT NULL;
CREATE INDEX crm_index_name ON crm_index (kind, name);

-- Questions for a person.
CREATE TABLE reviews (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entity text COLLATE "C" NOT NULL,
    sort text NOT NULL,
    rule text NOT NULL,
    candidates jsonb NOT NULL,
    evidence jsonb NOT NULL,
    opened_at timestamptz NOT NULL,
    decided_at timestamptz,
    verb text,
    chosen text,
    actor text,
    note text,
    CHECK ((decided_at IS NULL) = (verb IS NULL))
);
CREATE UNIQUE INDEX reviews_one_open ON reviews (entity) WHERE decided_at IS NULL;

-- What a person ruled about a record that has no link.
CREATE TABLE rulings (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entity text COLLATE "C" NOT NULL,
    verb text NOT NULL CHECK (verb IN ('create', 'ignore')),
    actor text NOT NULL,
    at timestamptz NOT NULL,
    undone_at timestamptz
);
CREATE UNIQUE INDEX rulings_one ON rulings (entity) WHERE undone_at IS NULL;

CREATE TABLE cursors (
    name text PRIMARY KEY,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE runs (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    state text NOT NULL
        CHECK (state IN ('running', 'paused', 'cancelled', 'done', 'failed')),
    options jsonb NOT NULL,
    cursor jsonb NOT NULL,
    totals jsonb NOT NULL,
    started_at timestamptz NOT NULL,
    beat_at timestamptz NOT NULL,
    ended_at timestamptz,
    config_hash text NOT NULL,
    CHECK ((state IN ('running', 'paused')) = (ended_at IS NULL))
);
-- Two backfills would only spend the quota twice.
CREATE UNIQUE INDEX runs_one_backfill ON runs (kind)
    WHERE state IN ('running', 'paused') AND kind = 'backfill';

CREATE TABLE configurations (
    hash text PRIMARY KEY,
    document jsonb NOT NULL,
    first_used_at timestamptz NOT NULL
);

-- Which account and project this database belongs to.
CREATE TABLE fingerprint (
    side text PRIMARY KEY,
    name text NOT NULL,
    claimed_at timestamptz NOT NULL
);

-- A job that ends makes way for the one that waits on its lock, and Procrastinate tells
-- nobody: without this the next drain starts at the worker's next poll.
CREATE FUNCTION crosswalk_lock_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM procrastinate_jobs
        WHERE queueing_lock = OLD.queueing_lock AND status = 'todo'
    ) THEN
        PERFORM pg_notify(
            'procrastinate_queue_v1#' || OLD.queue_name,
            json_build_object('type', 'job_inserted', 'job_id', OLD.id)::text);
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER crosswalk_lock_is_free AFTER DELETE ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.status = 'doing' AND OLD.queueing_lock IS NOT NULL)
    EXECUTE FUNCTION crosswalk_lock_is_free();
