-- of --
-- Read what a person ruled about entities.
SELECT entity, verb FROM rulings
WHERE entity = ANY(%(entities)s::text[]) AND undone_at IS NULL

-- undo --
-- Take rulings back; they stay readable.
UPDATE rulings SET undone_at = %(at)s
WHERE entity = ANY(%(entities)s::text[]) AND undone_at IS NULL

-- rule --
-- Write a ruling down.
INSERT INTO rulings (entity, verb, actor, at)
VALUES (%(entity)s, %(verb)s, %(actor)s, %(at)s)
