-- store --
-- Keep a configuration under its hash.
INSERT INTO configurations (hash, document, first_used_at)
VALUES (%(hash)s, %(document)s, %(at)s)
ON CONFLICT (hash) DO NOTHING

-- show --
-- Read the configuration that a hash stands for.
SELECT document FROM configurations WHERE hash = %(hash)s

-- claim --
-- Say to which project or account this database belongs, claiming it when it is new.
INSERT INTO fingerprint AS f (side, name, claimed_at)
VALUES (%(side)s, %(name)s, %(at)s)
ON CONFLICT (side) DO UPDATE SET side = f.side
RETURNING name
