-- store --
-- Keep a configuration under its hash.
INSERT INTO configurations (hash, document, first_used_at)
VALUES (%(hash)s, %(document)s, %(at)s)
ON CONFLICT (hash) DO NOTHING

-- show --
-- Read the configuration that a hash stands for.
SELECT document FROM configurations WHERE hash = %(hash)s

-- claim --
-- Say to which project or account this database belongs, claiming it while it knows of
-- no record: an address that was wrong at the first try binds nobody.
INSERT INTO fingerprint AS f (side, name, claimed_at)
VALUES (%(side)s, %(name)s, %(at)s)
ON CONFLICT (side) DO UPDATE SET name = CASE
    WHEN EXISTS (SELECT FROM ledger) OR EXISTS (SELECT FROM crm_index) THEN f.name
    ELSE excluded.name END
RETURNING name

-- owners --
-- Say to which project and account this database belongs.
SELECT side, name FROM fingerprint
WHERE EXISTS (SELECT FROM ledger) OR EXISTS (SELECT FROM crm_index)
