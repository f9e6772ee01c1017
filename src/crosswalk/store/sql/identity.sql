-- put --
-- Keep what the CRM showed of its records, unless a newer showing is kept already.
INSERT INTO crm_index AS known
    (kind, crm_id, external_id, emails, email_keys, mobile, name, updated_at, fields,
     seen_at)
SELECT %(kind)s, crm_id, external_id, emails, email_keys, mobile, name, updated_at,
    fields, %(at)s
FROM jsonb_to_recordset(%(rows)s) AS shown (
    crm_id text, external_id text, emails text[], email_keys text[], mobile text,
    name text, updated_at timestamptz, fields jsonb)
ORDER BY crm_id COLLATE "C"
ON CONFLICT (kind, crm_id) DO UPDATE SET
    external_id = excluded.external_id, emails = excluded.emails,
    email_keys = excluded.email_keys, mobile = excluded.mobile, name = excluded.name,
    updated_at = excluded.updated_at, fields = excluded.fields,
    seen_at = excluded.seen_at
WHERE known.updated_at <= excluded.updated_at

-- candidates --
-- Find the crm records that anything given points to, with the shop record that owns
-- each. One index probe a way of finding.
WITH found AS (
    SELECT crm_id FROM crm_index
    WHERE email_keys && %(email_keys)s::text[] AND kind = %(kind)s
    UNION SELECT crm_id FROM crm_index
    WHERE kind = %(kind)s AND external_id = ANY(%(external_ids)s::text[])
    UNION SELECT crm_id FROM crm_index
    WHERE kind = %(kind)s AND mobile = ANY(%(mobiles)s::text[])
    UNION SELECT crm_id FROM crm_index
    WHERE kind = %(kind)s AND name = ANY(%(names)s::text[])
)
SELECT i.kind, i.crm_id, i.external_id, i.emails, i.email_keys, i.mobile, i.name,
    i.updated_at, i.fields, links.shop_id AS linked_to
FROM found
JOIN crm_index i ON i.kind = %(kind)s AND i.crm_id = found.crm_id
LEFT JOIN links ON links.kind = i.kind AND links.crm_id = i.crm_id
    AND links.ended_at IS NULL AND links.role = 'primary'
ORDER BY i.crm_id

-- known --
-- Read what was seen of crm records, with the shop record that owns each.
SELECT i.kind, i.crm_id, i.external_id, i.emails, i.email_keys, i.mobile, i.name,
    i.updated_at, i.fields, links.shop_id AS linked_to
FROM crm_index i
LEFT JOIN links ON links.kind = i.kind AND links.crm_id = i.crm_id
    AND links.ended_at IS NULL AND links.role = 'primary'
WHERE i.kind = %(kind)s AND i.crm_id = ANY(%(crm_ids)s::text[])

-- drop --
-- Forget records that are gone from the CRM.
DELETE FROM crm_index WHERE kind = %(kind)s AND crm_id = ANY(%(crm_ids)s::text[])

-- clear --
-- Forget everything known of a kind, before it is read anew.
DELETE FROM crm_index WHERE kind = %(kind)s
