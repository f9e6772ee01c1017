-- begin --
-- Read the last numbers given.
SELECT coalesce((SELECT max(number) FROM ledger), 0) AS ledger,
    coalesce((SELECT max(number) FROM journal), 0) AS journal

-- count --
-- Count the entities concerned since then, each once: by what holds it up, else by
-- whether anything was written. A person's notes have no epoch.
WITH concerned AS (
    SELECT DISTINCT entity FROM ledger WHERE number > %(ledger)s
), written AS (
    SELECT DISTINCT entity FROM journal
    WHERE number > %(journal)s AND state = 'done' AND epoch > 0
), judged AS (
    SELECT split_part(entity, ':', 1) AS kind,
        CASE WHEN pending.state IN ('review', 'parked') THEN pending.state
            WHEN pending.state IS NOT NULL THEN 'waiting'
            WHEN written.entity IS NOT NULL THEN 'written'
            ELSE 'unchanged' END AS ends
    FROM concerned FULL JOIN written USING (entity) LEFT JOIN pending USING (entity)
)
SELECT kind, ends, count(*) AS records FROM judged GROUP BY kind, ends
