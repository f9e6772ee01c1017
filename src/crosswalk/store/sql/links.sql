-- of_shop --
-- Read the live links of shop records, each with its base.
SELECT number, kind, shop_id, crm_id, role, rule, evidence, actor, linked_at,
    coalesce(agreed, '{}') AS agreed, coalesce(shop_version, 0) AS shop_version
FROM links LEFT JOIN bases ON link = number
WHERE kind = %(kind)s AND shop_id = ANY(%(ids)s::text[]) AND ended_at IS NULL

-- crm_ids --
-- Tell which crm records shop records are linked to.
SELECT shop_id, crm_id FROM links
WHERE kind = %(kind)s AND shop_id = ANY(%(ids)s::text[]) AND ended_at IS NULL

-- of_crm --
-- Read the live primary links of crm records, each with its base.
SELECT number, kind, shop_id, crm_id, role, rule, evidence, actor, linked_at,
    coalesce(agreed, '{}') AS agreed, coalesce(shop_version, 0) AS shop_version
FROM links LEFT JOIN bases ON link = number
WHERE kind = %(kind)s AND crm_id = ANY(%(ids)s::text[])
    AND ended_at IS NULL AND role = 'primary'

-- after --
-- Read live links in the order they were made, from one number on.
SELECT number, kind, shop_id, crm_id, role, rule, evidence, actor, linked_at,
    coalesce(agreed, '{}') AS agreed, coalesce(shop_version, 0) AS shop_version
FROM links LEFT JOIN bases ON link = number
WHERE kind = %(kind)s AND ended_at IS NULL AND number > %(after)s
ORDER BY number LIMIT %(limit)s

-- insert --
-- Make links, unless a live link already holds the shop or the crm record.
INSERT INTO links
    (kind, shop_id, crm_id, role, rule, evidence, actor, linked_at)
SELECT kind, shop_id, crm_id, role, rule, evidence, actor, %(at)s
FROM jsonb_to_recordset(%(links)s) AS link (
    kind text, shop_id text, crm_id text, role text, rule text, evidence jsonb,
    actor text)
ORDER BY kind, shop_id COLLATE "C"
ON CONFLICT DO NOTHING

-- numbers --
-- Say which of these pairs are linked, and under which number.
SELECT number, kind, shop_id, crm_id FROM links
WHERE (kind, shop_id, crm_id) IN (
    SELECT * FROM unnest(%(kinds)s::text[], %(shop_ids)s::text[], %(crm_ids)s::text[])
) AND ended_at IS NULL

-- agree --
-- Remember what both sides now agree on.
INSERT INTO bases (link, agreed, shop_version, config_hash, agreed_at)
SELECT link, agreed, shop_version, %(config_hash)s, %(at)s
FROM jsonb_to_recordset(%(bases)s)
    AS base (link bigint, agreed jsonb, shop_version bigint)
ORDER BY link
ON CONFLICT (link) DO UPDATE SET
    agreed = excluded.agreed, shop_version = excluded.shop_version,
    config_hash = excluded.config_hash, agreed_at = excluded.agreed_at

-- end --
-- End links; they stay readable as history.
UPDATE links SET ended_at = %(at)s, ended_because = %(because)s
WHERE number = ANY(%(numbers)s::bigint[]) AND ended_at IS NULL

-- count --
-- Count live links by kind.
SELECT kind, count(*) AS rows FROM links WHERE ended_at IS NULL GROUP BY kind
