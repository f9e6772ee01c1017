-- wake --
-- Queue a drain of each partition, unless one waits already. Not through Procrastinate's
-- own function: that refuses all for the sake of one, with an error in the server's log.
-- A job is only a wake-up, the pending rows are the truth: no disk is waited for.
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
SELECT %(queue)s, %(task)s, 'drain:' || partition, 'drain:' || partition,
    jsonb_build_object('partition', partition)
FROM unnest(%(partitions)s::integer[]) AS partition
WHERE set_config('synchronous_commit', 'off', true) = 'off'
ORDER BY partition
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING

-- hurry --
-- Do not wait for the disk in this session, which keeps wake-ups only.
SET synchronous_commit = off

-- hold --
-- Show that a worker lives: the lock ends with the session, however that ends.
SELECT pg_advisory_lock(7305, %(worker)s::bigint::integer)

-- reap --
-- Finish the jobs of workers that are gone; answers the partitions to wake.
DELETE FROM procrastinate_jobs AS job
WHERE queue_name = %(queue)s AND status = 'doing' AND (
    worker_id IS NULL OR NOT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 7305 AND objsubid = 2
            AND objid = job.worker_id::integer::oid AND granted
            AND database = (
                SELECT oid FROM pg_database WHERE datname = current_database())
    )
)
RETURNING (args ->> 'partition')::integer AS partition
