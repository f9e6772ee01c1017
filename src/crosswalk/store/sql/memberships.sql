-- replace --
-- Keep who belongs to companies now; answers whose memberships that changes. Who is
-- neither linked nor at work is left out: the first sync of a person sees it all.
WITH told AS (
    SELECT * FROM jsonb_to_recordset(%(members)s) AS told (company text, person text)
), gone AS (
    DELETE FROM memberships AS known
    WHERE company = ANY(%(companies)s::text[]) AND NOT EXISTS (
        SELECT FROM told
        WHERE told.company = known.company AND told.person = known.person
    )
    RETURNING person
), come AS (
    INSERT INTO memberships (company, person)
    SELECT DISTINCT company, person FROM told
    ORDER BY company, person
    ON CONFLICT DO NOTHING
    RETURNING person
)
SELECT person FROM (
    SELECT person FROM gone
    UNION SELECT person FROM come
    UNION SELECT person FROM told WHERE company = ANY(%(everybody)s::text[])
) AS concerned
WHERE EXISTS (
    SELECT FROM links
    WHERE kind = 'person' AND shop_id = concerned.person AND ended_at IS NULL
) OR EXISTS (
    SELECT FROM pending WHERE entity = 'person:shop:' || concerned.person
)
