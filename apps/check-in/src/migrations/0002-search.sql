-- Finding a person by name at a door.
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

-- What is looked for, as patterns for LIKE ALL: each of it somewhere.
CREATE FUNCTION search_patterns(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT '%' || regexp_replace(searchable(word), '([\\%_])', '\\\1', 'g') || '%' FROM unnest(words) AS word);
ALTER TABLE known_registrations ADD COLUMN search text
  GENERATED ALWAYS AS (searchable(name || E'\x1f' || coalesce(latin_name, ''))) STORED;
CREATE INDEX known_registrations_conference ON known_registrations (conference_id) WHERE NOT erased;
