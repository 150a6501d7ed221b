-- Where a sub-forum is, for people's calendars; null until it is told (again).
ALTER TABLE known_sub_forums ADD COLUMN room text, ADD COLUMN floor text;
-- What was heard before these columns were there is told once more: the owner is asked for it, nothing is emptied.
INSERT INTO outbox (topic, key, event_id, type, subject, body, time)
SELECT 'plenary.dead-letters', 'plenary.sub-forums', gen_random_uuid(), 'resync.requested.v1', asked.id::text, json_build_object(
    'version', 1, 'requestId', asked.id, 'topic', 'plenary.sub-forums', 'subject', NULL, 'requestedBy', 'migration',
    'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), now()
FROM (SELECT gen_random_uuid() AS id WHERE EXISTS (SELECT 1 FROM known_sub_forums)) AS asked;

-- Counting by status reads this alone.
CREATE INDEX registrations_by_status ON registrations (conference_id, status);
-- A text as it is searched: without case and accents, spaces as one, and none between hanzi.
CREATE FUNCTION searchable(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
  regexp_replace(
    replace(replace(replace(translate(
      lower(regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]+', '', 'g') COLLATE "pg_c_utf8"),
      'øłđħı', 'oldhi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
    '\s+', ' ', 'g'),
  '(?<=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U000323af]) (?=[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U000323af])', '', 'g');

-- What is typed, as patterns for LIKE ALL: each word somewhere, in any order.
CREATE FUNCTION search_patterns(typed text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'
             FROM regexp_split_to_table(searchable(typed), ' ') AS word WHERE word <> '');
ALTER TABLE people ADD COLUMN search text GENERATED ALWAYS AS (searchable(
  coalesce(person ->> 'name', '') || E'\x1f' || coalesce(person ->> 'latinName', '') || E'\x1f' ||
  coalesce(person ->> 'email', '') || E'\x1f' || coalesce(person ->> 'organisation', ''))) STORED;
