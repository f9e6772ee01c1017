-- open --
-- Ask a person; a question that is open already gets the newer facts.
INSERT INTO reviews (entity, sort, rule, candidates, evidence, opened_at)
SELECT entity, sort, rule, candidates, evidence, %(at)s
FROM jsonb_to_recordset(%(questions)s) AS question (
    entity text, sort text, rule text, candidates jsonb, evidence jsonb)
ORDER BY entity COLLATE "C"
ON CONFLICT (entity) WHERE decided_at IS NULL DO UPDATE SET
    sort = excluded.sort, rule = excluded.rule, candidates = excluded.candidates,
    evidence = excluded.evidence

-- list --
-- List questions, the oldest first.
SELECT number, entity, sort, rule, candidates, evidence, opened_at, decided_at, verb,
    chosen, actor, note
FROM reviews
WHERE (decided_at IS NULL) = %(undecided)s AND (%(sort)s::text IS NULL OR sort = %(sort)s)
ORDER BY number LIMIT %(limit)s

-- show --
-- Read one question.
SELECT number, entity, sort, rule, candidates, evidence, opened_at, decided_at, verb,
    chosen, actor, note
FROM reviews WHERE number = %(number)s

-- decide --
-- Write a person's answer down; an answered question keeps its answer.
UPDATE reviews SET decided_at = %(at)s, verb = %(verb)s, chosen = %(chosen)s,
    actor = %(actor)s, note = %(note)s
WHERE number = %(number)s AND decided_at IS NULL
