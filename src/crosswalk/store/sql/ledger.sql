-- accept --
-- Store what is new, each change once, and mark its entities pending. Rows are locked
-- in the order of identity, then of entity, as everywhere: two intakes cannot deadlock.
WITH arrived AS (
    SELECT DISTINCT ON (identity COLLATE "C") *
    FROM jsonb_to_recordset(%(changes)s) AS change (
        identity text, entity text, kind text, side text, id text, ref text,
        partition integer, source text, version bigint, seen_at timestamptz,
        lane smallint)
    ORDER BY identity COLLATE "C"
), judged AS (
    SELECT arrived.*, EXISTS (
        SELECT FROM links
        JOIN bases ON bases.link = links.number
        WHERE arrived.side = 'shop' AND arrived.version > 0
            AND links.kind = arrived.kind AND links.shop_id = arrived.id
            AND links.ended_at IS NULL
            AND bases.shop_version >= arrived.version
            AND bases.config_hash = %(config_hash)s
    ) AS reflected
    FROM arrived
), stored AS (
    INSERT INTO ledger
        (identity, entity, ref, source, version, seen_at, received_at, state, because)
    SELECT identity, entity, ref, source, version, seen_at, %(at)s,
        CASE WHEN reflected THEN 'superseded' ELSE 'received' END,
        CASE WHEN reflected THEN 'already reflected' END
    FROM judged
    ORDER BY identity COLLATE "C"
    ON CONFLICT (identity) DO NOTHING
    RETURNING number, identity, entity, state
), marked AS (
    INSERT INTO pending AS p
        (entity, kind, partition, state, lane, generation, ledger, version, crm_moved,
         not_before, first_at, updated_at)
    SELECT stored.entity, min(judged.kind), min(judged.partition), 'ready',
        min(judged.lane), count(*), max(stored.number),
        coalesce(max(judged.version) FILTER (WHERE judged.side = 'shop'), 0),
        bool_or(judged.side = 'crm'), %(at)s, %(at)s, %(at)s
    FROM stored JOIN judged USING (identity)
    WHERE stored.state = 'received'
    GROUP BY stored.entity
    ORDER BY stored.entity COLLATE "C"
    ON CONFLICT (entity) DO UPDATE SET
        -- An open question stays open: a newer version does not answer it.
        state = CASE WHEN p.state = 'review' THEN 'review' ELSE 'ready' END,
        lane = least(p.lane, excluded.lane),
        generation = p.generation + excluded.generation,
        ledger = greatest(p.ledger, excluded.ledger),
        version = greatest(p.version, excluded.version),
        crm_moved = p.crm_moved OR excluded.crm_moved,
        not_before = excluded.not_before,
        attempts = CASE WHEN p.state = 'parked' THEN 0 ELSE p.attempts END,
        waits_for = NULL,
        because = CASE WHEN p.state = 'review' THEN p.because END,
        detail = CASE WHEN p.state = 'review' THEN p.detail END,
        updated_at = excluded.updated_at
    RETURNING p.entity, p.partition, p.state
)
SELECT stored.identity, stored.state, marked.partition
FROM stored
LEFT JOIN marked ON marked.entity = stored.entity AND marked.state = 'ready'

-- owners --
-- Find under which shop record each linked crm record is worked on.
SELECT kind, crm_id, shop_id FROM links
WHERE (kind, crm_id) IN (
    SELECT * FROM unnest(%(kinds)s::text[], %(crm_ids)s::text[])
) AND ended_at IS NULL AND role = 'primary'

-- balance --
-- Count the ledger by state; the sum is everything ever received.
SELECT state, count(*) AS rows FROM ledger GROUP BY state

-- of_ref --
-- Read the notices of one record, newest first.
SELECT number, identity, entity, ref, source, version, seen_at, received_at, state,
    because
FROM ledger WHERE ref = %(ref)s ORDER BY number DESC LIMIT %(limit)s
