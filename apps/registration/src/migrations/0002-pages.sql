-- Where a sub-forum is, for people's calendars; null until it is told (again).
ALTER TABLE known_sub_forums ADD COLUMN room text, ADD COLUMN floor text;
-- What was heard before this column was there is told once more.
INSERT INTO repairs (id, kind, topic, requested_by)
SELECT gen_random_uuid(), 'rebuild', 'plenary.sub-forums', 'migration' WHERE EXISTS (SELECT 1 FROM known_sub_forums);

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
