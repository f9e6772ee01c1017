-- get --
-- Read how far something has come.
SELECT value FROM cursors WHERE name = %(name)s

-- save --
-- Keep how far something has come; call it where the rows it covers are stored.
INSERT INTO cursors (name, value, updated_at) VALUES (%(name)s, %(value)s, %(at)s)
ON CONFLICT (name) DO UPDATE SET
    value = excluded.value, updated_at = excluded.updated_at

-- drop --
-- Forget how far something has come; it starts from nothing.
DELETE FROM cursors WHERE name = %(name)s
