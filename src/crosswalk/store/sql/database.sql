-- durability --
-- Read the server settings on which "committed" rests.
SELECT name, setting FROM pg_settings WHERE name = ANY(%(names)s::text[])

-- version --
-- Read which migration was the last; alembic_version is Alembic's own table.
SELECT version_num FROM alembic_version

-- lock_schema --
-- Let one process at a time migrate.
SELECT pg_advisory_xact_lock(7304, 1)

-- others --
-- Count the other processes that use this server.
SELECT count(*) FROM pg_stat_activity
WHERE application_name = %(name)s AND pid <> pg_backend_pid()

-- begin_session --
-- Speak of time in UTC wherever the server stands, and plan each statement once: ours
-- take batches in one parameter, whose value tells the planner nothing.
SELECT set_config('timezone', 'UTC', false),
    set_config('plan_cache_mode', 'force_generic_plan', false)
