-- claim --
-- Take a role unless somebody has it; it is held until the session ends.
SELECT pg_try_advisory_lock(7306, %(role)s::integer)

-- alive --
-- See whether the session lives.
SELECT 1

-- held --
-- Say whether anybody has a role.
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 7306 AND objsubid = 2
        AND objid = %(role)s::integer::oid AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)

-- let_go --
-- Give up every role that this session holds.
SELECT pg_advisory_unlock_all()
