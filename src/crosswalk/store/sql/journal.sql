-- intend --
-- Announce writes before they are sent, if the epoch still is the partition's; the
-- numbers come in the order given. One statement, because every event waits for it.
WITH fence AS MATERIALIZED (
    SELECT 1 FROM partitions
    WHERE partition = %(partition)s AND epoch = %(epoch)s
    FOR SHARE
)
INSERT INTO journal
    (entity, crm_id, run, verb, fields, cause, config_hash, at, state, epoch)
SELECT entity, crm_id, run, verb, fields, cause, config_hash, %(at)s, 'intent', %(epoch)s
FROM ROWS FROM (jsonb_to_recordset(%(entries)s) AS (
    entity text, crm_id text, run bigint, verb text, fields jsonb, cause text,
    config_hash text)) WITH ORDINALITY AS entry
        (entity, crm_id, run, verb, fields, cause, config_hash, place)
WHERE EXISTS (SELECT FROM fence)
ORDER BY place
RETURNING number

-- note --
-- Write down what a person did.
INSERT INTO journal
    (entity, verb, fields, cause, config_hash, at, state, answer, concluded_at, epoch)
VALUES (%(entity)s, %(verb)s, '{}', %(cause)s, '', %(at)s, 'done', %(answer)s, %(at)s, 0)

-- conclude --
-- Write down what became of announced writes.
UPDATE journal SET
    state = told.state, answer = told.answer, concluded_at = %(at)s,
    crm_id = coalesce(told.crm_id, journal.crm_id)
FROM jsonb_to_recordset(%(outcomes)s)
    AS told (number bigint, state text, answer jsonb, crm_id text)
WHERE journal.number = told.number

-- unknown --
-- Read the writes of which nobody knows whether they were done, the oldest first.
SELECT number, entity, crm_id, verb, fields, at, epoch FROM journal
WHERE entity = ANY(%(entities)s::text[]) AND state IN ('intent', 'unknown')
ORDER BY number

-- history --
-- Read what was written to a record, newest first.
SELECT number, entity, crm_id, run, verb, fields, cause, config_hash, at, state, answer,
    concluded_at, epoch
FROM journal WHERE entity = %(entity)s ORDER BY number DESC LIMIT %(limit)s
