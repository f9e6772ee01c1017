-- claim --
-- Take a role unless somebody has it; it is held until the session ends.
SELECT pg_try_advisory_lock(7306, %(role)s::integer)

-- alive --
-- See whether the session lives.
SELECT 1
