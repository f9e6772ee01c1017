-- take --
-- Start the partition's next epoch: from here on every older one is fenced off. No disk
-- is waited for, and so that a crash cannot make an epoch come twice it follows the
-- clock; whoever writes anything durable in its name makes it durable as well.
INSERT INTO partitions AS p (partition, epoch, holder, job, taken_at)
SELECT %(partition)s, extract(epoch FROM clock_timestamp()) * 1000000,
    %(holder)s::bigint, %(job)s::bigint, %(at)s
WHERE set_config('synchronous_commit', 'off', true) = 'off'
ON CONFLICT (partition) DO UPDATE SET
    epoch = greatest(p.epoch + 1, excluded.epoch), holder = excluded.holder, job = excluded.job,
    taken_at = excluded.taken_at
RETURNING epoch

-- fence --
-- Hold the epoch until the commit; no row when another has begun.
SELECT 1 FROM partitions
WHERE partition = %(partition)s AND epoch = %(epoch)s
FOR SHARE

-- due --
-- List what is to be done now, the most urgent lane first, then the oldest; nothing
-- of a backfill that is paused.
SELECT entity, kind, partition, lane, generation, ledger, version, crm_moved, attempts,
    first_at
FROM pending
WHERE partition = %(partition)s AND state IN ('ready', 'waiting')
    AND not_before <= %(now)s
    AND (lane <> %(backfill)s OR NOT EXISTS (
        SELECT FROM runs WHERE kind = 'backfill' AND runs.state = 'paused'))
ORDER BY lane, first_at, entity
LIMIT %(limit)s

-- due_partitions --
-- Find the partitions that have something to do, by one index probe each; nothing of a
-- backfill that is paused.
SELECT partition
FROM generate_series(0, (
    SELECT max(partition) FROM pending WHERE state IN ('ready', 'waiting')
)) AS partition
WHERE EXISTS (
    SELECT FROM pending
    WHERE pending.partition = partition.partition AND state IN ('ready', 'waiting')
        AND not_before <= %(now)s
        AND (lane <> %(backfill)s OR NOT EXISTS (
            SELECT FROM runs WHERE kind = 'backfill' AND runs.state = 'paused'))
)

-- next_due --
-- Say when the next thing is to be done; null when nothing is planned.
SELECT min(not_before) FROM pending WHERE state IN ('ready', 'waiting')

-- lock --
-- Hold the epoch and lock entities in key order, so that no two transactions wait for
-- each other.
WITH fence AS MATERIALIZED (
    SELECT 1 FROM partitions
    WHERE partition = %(partition)s AND epoch = %(epoch)s
    FOR SHARE
), locked AS MATERIALIZED (
    SELECT 1 FROM pending WHERE entity = ANY(%(entities)s::text[])
    ORDER BY entity FOR UPDATE
)
SELECT (SELECT count(*) FROM fence) = 1 AS held, (SELECT count(*) FROM locked) AS locked

-- settle --
-- Write down how the work on entities ended. One that changed meanwhile stays ready,
-- unless a person is asked about it; its older notices are settled all the same.
WITH settled AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(outcomes)s) AS outcome (
        entity text, generation bigint, ledger bigint, ends text, attempts integer,
        not_before timestamptz, waits_for text, because text, detail jsonb)
), finished AS (
    DELETE FROM pending USING settled
    WHERE pending.entity = settled.entity
        AND pending.generation = settled.generation
        AND settled.ends IN ('done', 'superseded', 'ignored')
), kept AS MATERIALIZED (
    SELECT settled.*, pending.generation <> settled.generation OR EXISTS (
        -- What it waits for was linked while it was worked on.
        SELECT FROM links
        WHERE settled.ends = 'wait'
            AND links.kind = split_part(settled.waits_for, ':', 1)
            AND links.shop_id = regexp_replace(settled.waits_for, '^[^:]*:[^:]*:', '')
            AND links.ended_at IS NULL
    ) AS moved
    FROM settled JOIN pending USING (entity)
    WHERE pending.generation <> settled.generation
        OR settled.ends NOT IN ('done', 'superseded', 'ignored')
), left_over AS (
    UPDATE pending SET
        state = CASE
            WHEN kept.ends = 'review' THEN 'review'
            WHEN kept.moved THEN 'ready'
            WHEN kept.ends = 'wait' THEN 'waiting'
            WHEN kept.ends = 'parked' THEN 'parked'
            ELSE 'ready' END,
        not_before = CASE
            WHEN kept.ends = 'retry' THEN kept.not_before
            WHEN kept.ends = 'wait' AND NOT kept.moved THEN kept.not_before
            ELSE %(at)s END,
        attempts = CASE
            WHEN kept.ends IN ('retry', 'wait') THEN kept.attempts ELSE 0 END,
        lane = CASE
            WHEN kept.ends = 'retry' AND NOT kept.moved
            THEN greatest(pending.lane, %(retry_lane)s) ELSE pending.lane END,
        waits_for = CASE
            WHEN kept.ends = 'wait' AND NOT kept.moved THEN kept.waits_for END,
        because = CASE
            WHEN kept.ends NOT IN ('done', 'superseded', 'ignored') THEN kept.because END,
        detail = CASE
            WHEN kept.ends NOT IN ('done', 'superseded', 'ignored') THEN kept.detail END,
        first_at = CASE
            WHEN kept.ends IN ('done', 'superseded', 'ignored')
            THEN pending.updated_at ELSE pending.first_at END
    FROM kept WHERE pending.entity = kept.entity
), open AS MATERIALIZED (
    SELECT found.number, settled.because,
        CASE WHEN settled.ends IN ('retry', 'wait') THEN 'received'
            ELSE settled.ends END AS ends
    FROM settled CROSS JOIN LATERAL (
        SELECT number, state FROM ledger
        WHERE entity = settled.entity AND number <= settled.ledger
            AND state IN ('received', 'parked', 'review')
        OFFSET 0  -- one index probe an entity, whatever the statistics say
    ) AS found
    WHERE settled.ends NOT IN ('retry', 'wait') OR found.state <> 'received'
)
UPDATE ledger SET state = open.ends, because = open.because
FROM open WHERE ledger.number = open.number

-- lock_waits --
-- One at a time starts to wait or ends a wait: otherwise the one who links and the one
-- who waits for it could miss each other, both not yet committed.
SELECT pg_advisory_xact_lock(7304, 2)

-- wake_waiting --
-- Make ready what waited for these entities; they are linked now.
UPDATE pending SET state = 'ready', waits_for = NULL, not_before = %(at)s
WHERE entity IN (
    SELECT entity FROM pending
    WHERE state = 'waiting' AND waits_for = ANY(%(entities)s::text[])
    ORDER BY entity FOR UPDATE
) AND state = 'waiting'
RETURNING partition

-- mark --
-- Make entities ready and enter it in the ledger; whether an open question is
-- overruled, each row says.
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset(%(wanted)s) AS wanted (
        entity text, kind text, partition integer, lane smallint, source text,
        crm_moved boolean, reopens boolean)
), stored AS (
    INSERT INTO ledger
        (identity, entity, ref, source, version, seen_at, received_at, state)
    SELECT entity || '@' || source || ':' || gen_random_uuid(), entity, entity, source,
        0, %(at)s, %(at)s, 'received'
    FROM wanted ORDER BY entity COLLATE "C"
    RETURNING number, entity
), reopened AS (
    SELECT entity FROM wanted WHERE reopens
)
INSERT INTO pending AS p
    (entity, kind, partition, state, lane, generation, ledger, version, crm_moved,
     not_before, first_at, updated_at)
SELECT wanted.entity, wanted.kind, wanted.partition, 'ready', wanted.lane, 1,
    stored.number, 0, wanted.crm_moved, %(at)s, %(at)s, %(at)s
FROM wanted JOIN stored USING (entity)
ORDER BY wanted.entity COLLATE "C"
ON CONFLICT (entity) DO UPDATE SET
    state = CASE
        WHEN p.state = 'review' AND p.entity NOT IN (SELECT entity FROM reopened)
        THEN 'review' ELSE 'ready' END,
    lane = least(p.lane, excluded.lane),
    generation = p.generation + 1,
    ledger = greatest(p.ledger, excluded.ledger),
    crm_moved = p.crm_moved OR excluded.crm_moved,
    not_before = excluded.not_before,
    attempts = 0, waits_for = NULL,
    because = CASE WHEN p.state = 'review' THEN p.because END,
    detail = CASE WHEN p.state = 'review' THEN p.detail END,
    updated_at = excluded.updated_at
RETURNING partition, state

-- follow_up --
-- Leave word that entities, or whoever waits for them, are to be made ready.
INSERT INTO follow_ups (entity, waits, kind, partition, lane, source, crm_moved)
SELECT entity, waits, kind, partition, lane, source, crm_moved
FROM jsonb_to_recordset(%(words)s) AS word (
    entity text, waits boolean, kind text, partition integer, lane smallint,
    source text, crm_moved boolean)

-- followed --
-- Say whether word was left, and of which sort.
SELECT coalesce(bool_or(waits), false) AS waits,
    coalesce(bool_or(NOT waits), false) AS marks
FROM follow_ups

-- take_words --
-- Take the words of one sort; what another takes at the same moment is left to it.
DELETE FROM follow_ups WHERE number IN (
    SELECT number FROM follow_ups WHERE waits = %(waits)s
    ORDER BY number LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING entity, kind, partition, lane, source, crm_moved

-- drop_lane --
-- End what waits in a lane: ignored, and by which rule.
WITH dropped AS MATERIALIZED (
    SELECT entity FROM pending
    WHERE lane = %(lane)s AND state IN ('ready', 'waiting')
    ORDER BY entity FOR UPDATE
), gone AS (
    DELETE FROM pending USING dropped WHERE pending.entity = dropped.entity
), ended AS (
    UPDATE ledger SET state = 'ignored', because = %(because)s
    FROM dropped
    WHERE ledger.entity = dropped.entity AND ledger.state IN ('received', 'parked')
)
SELECT count(*) FROM dropped

-- counts --
-- Count what is to be done by state.
SELECT state, count(*) AS rows, min(first_at) AS oldest FROM pending GROUP BY state

-- due_by_lane --
-- Count what is ready and due by a moment, lane by lane.
SELECT lane, count(*) AS rows FROM pending
WHERE state = 'ready' AND not_before <= %(by)s GROUP BY lane

-- due_among --
-- Count which of these entities are ready and due by a moment.
SELECT count(*) AS rows FROM pending
WHERE entity = ANY(%(entities)s::text[]) AND state = 'ready' AND not_before <= %(by)s

-- parked --
-- List parked entities, the latest first.
SELECT entity, kind, because, detail, attempts, first_at, updated_at
FROM pending
WHERE state = 'parked'
    AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    AND (%(because)s::text IS NULL OR because = %(because)s)
    AND (%(entity)s::text IS NULL OR entity = %(entity)s)
ORDER BY updated_at DESC, entity
LIMIT %(limit)s

-- parked_by_code --
-- Count parked entities by code and kind, the most frequent first.
SELECT because, kind, count(*) AS rows, min(first_at) AS oldest
FROM pending WHERE state = 'parked'
GROUP BY because, kind ORDER BY count(*) DESC, because, kind

-- show --
-- Read one entity as it stands.
SELECT entity, kind, state, lane, version, not_before, attempts, waits_for, because,
    detail, first_at, updated_at
FROM pending WHERE entity = %(entity)s
