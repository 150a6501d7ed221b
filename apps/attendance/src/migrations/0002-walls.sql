-- What a screen on the wall says of its conference; null until it is told (again).
ALTER TABLE known_conferences ADD COLUMN name jsonb, ADD COLUMN time_zone text;
-- The same state, told again, counts as news.
UPDATE known_conferences SET version = 0;
-- What was heard before these columns were there is told once more: the owner is asked for it, nothing is emptied.
INSERT INTO outbox (topic, key, event_id, type, subject, body, time)
SELECT 'plenary.dead-letters', 'plenary.conferences', gen_random_uuid(), 'resync.requested.v1', asked.id::text, json_build_object(
    'version', 1, 'requestId', asked.id, 'topic', 'plenary.conferences', 'subject', NULL, 'requestedBy', 'migration',
    'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), now()
FROM (SELECT gen_random_uuid() AS id WHERE EXISTS (SELECT 1 FROM known_conferences)) AS asked;

-- Links for screens on the wall: the only thing decided here, so no rebuild touches it. A revoked one is gone.
CREATE TABLE wall_links (
  id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  name text,
  -- SHA-256 of the token: the token itself is random, told once and kept nowhere.
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at timestamptz NOT NULL
);
CREATE INDEX wall_links_in_order ON wall_links (conference_id, created_at, id);
