-- start --
-- Open a run.
INSERT INTO runs
    (kind, state, options, cursor, totals, started_at, beat_at, config_hash)
VALUES (%(kind)s, 'running', %(options)s, '{}', '{}', %(at)s, %(at)s, %(config_hash)s)
RETURNING number

-- progress --
-- Keep how far a run has come; answers whether it should go on.
UPDATE runs SET cursor = %(cursor)s, totals = totals || %(totals)s, beat_at = %(at)s
WHERE number = %(number)s
RETURNING state

-- tell --
-- Add to what is told of a run.
UPDATE runs SET totals = totals || %(totals)s, beat_at = %(at)s WHERE number = %(number)s

-- turn --
-- Move a run from one of some states to another; touches nothing from any other.
UPDATE runs SET state = %(state)s,
    ended_at = CASE WHEN %(state)s IN ('running', 'paused') THEN NULL
        ELSE %(at)s::timestamptz END,
    beat_at = %(at)s
WHERE number = %(number)s AND state = ANY(%(since)s::text[])

-- show --
-- Read one run.
SELECT number, kind, state, options, cursor, totals, started_at, beat_at, ended_at,
    config_hash
FROM runs WHERE number = %(number)s

-- list --
-- Read runs, the latest first.
SELECT number, kind, state, options, cursor, totals, started_at, beat_at, ended_at,
    config_hash
FROM runs WHERE %(kind)s::text IS NULL OR kind = %(kind)s
ORDER BY number DESC LIMIT %(limit)s
