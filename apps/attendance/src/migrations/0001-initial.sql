-- What other services told us. Each topic writes only its own tables; nothing refers across topics, so that their
-- events may arrive in any order. Rows carry the version that they were told with: older news changes nothing.
CREATE TABLE known_conferences (
  conference_id uuid PRIMARY KEY,
  version int NOT NULL,
  slug text NOT NULL
);
CREATE INDEX ON known_conferences (slug);

CREATE TABLE known_sub_forums (
  sub_forum_id uuid PRIMARY KEY,
  version int NOT NULL,
  conference_id uuid NOT NULL,
  code text NOT NULL,
  title jsonb NOT NULL,
  track text,
  room text NOT NULL,
  floor text,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  state text NOT NULL,
  capacity int,
  room_cap int
);
CREATE INDEX ON known_sub_forums (conference_id);

-- Ids and codes only: no name is needed to count.
CREATE TABLE known_registrations (
  registration_id uuid PRIMARY KEY,
  version int NOT NULL,
  conference_id uuid NOT NULL,
  -- pending, approved, declined, cancelled; erased: a tombstone above all versions.
  status text NOT NULL,
  category text,
  delegation_id uuid
);
CREATE INDEX ON known_registrations (conference_id, status) INCLUDE (delegation_id, registration_id);

CREATE TABLE known_delegations (
  delegation_id uuid PRIMARY KEY,
  version int NOT NULL,
  conference_id uuid NOT NULL,
  name text NOT NULL
);
CREATE INDEX ON known_delegations (conference_id);

CREATE TABLE known_seats (
  registration_id uuid NOT NULL,
  sub_forum_id uuid NOT NULL,
  version int NOT NULL,
  conference_id uuid NOT NULL,
  state text NOT NULL,
  reason text,
  PRIMARY KEY (registration_id, sub_forum_id)
);

-- Counted as they are told, in the same transaction. The partition only keeps consumers from waiting for one another:
-- the sum counts, and a single row may be below zero.
CREATE TABLE known_seat_counts (
  conference_id uuid NOT NULL,
  sub_forum_id uuid NOT NULL,
  partition int NOT NULL,
  confirmed int NOT NULL,
  waitlisted int NOT NULL,
  no_shows int NOT NULL,
  PRIMARY KEY (conference_id, sub_forum_id, partition)
);

CREATE TABLE known_badges (
  registration_id uuid PRIMARY KEY,
  version int NOT NULL,
  conference_id uuid NOT NULL,
  state text NOT NULL,
  revision int NOT NULL,
  since timestamptz NOT NULL
);

CREATE TABLE known_gates (
  gate_id uuid PRIMARY KEY,
  version int NOT NULL,
  conference_id uuid NOT NULL,
  sub_forum_id uuid,
  name text NOT NULL
);
CREATE INDEX ON known_gates (conference_id);

CREATE TABLE known_devices (
  device_id uuid PRIMARY KEY,
  version int NOT NULL,
  conference_id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL
);

-- The log of scans. One that was undone may be heard of before it was recorded: then only `undone_at` is known.
CREATE TABLE known_scans (
  scan_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  registration_id uuid,
  gate_id uuid NOT NULL,
  sub_forum_id uuid,
  device_id uuid,
  corrected_at timestamptz,
  verdict text,
  detail text,
  reason text,
  outcome text,
  undone_at timestamptz
);
CREATE INDEX ON known_scans (conference_id, corrected_at) INCLUDE (gate_id);
CREATE INDEX ON known_scans (gate_id, corrected_at);
CREATE INDEX ON known_scans (conference_id, gate_id, reason)
  WHERE reason IS NOT NULL AND outcome = 'none' AND undone_at IS NULL;

-- The version of a person's whole list of stays.
CREATE TABLE known_stays_versions (
  registration_id uuid PRIMARY KEY,
  version int NOT NULL
);
CREATE TABLE known_stays (
  registration_id uuid NOT NULL,
  position int NOT NULL,
  conference_id uuid NOT NULL,
  -- null: the venue.
  sub_forum_id uuid,
  entered_at timestamptz NOT NULL,
  exited_at timestamptz,
  -- What this stay counts for (stays.rules.ts): so that counting people is counting rows.
  first_here boolean NOT NULL,
  first_ever boolean NOT NULL,
  first_walk_in boolean NOT NULL,
  from_outside boolean NOT NULL,
  now_inside boolean NOT NULL,
  PRIMARY KEY (registration_id, position)
);
CREATE INDEX ON known_stays (conference_id, entered_at) INCLUDE (sub_forum_id, first_here, from_outside);
CREATE INDEX ON known_stays (registration_id) WHERE first_ever;

-- As known_seat_counts.
CREATE TABLE known_stay_counts (
  conference_id uuid NOT NULL,
  sub_forum_id uuid,
  partition int NOT NULL,
  first_here int NOT NULL,
  first_ever int NOT NULL,
  first_walk_in int NOT NULL,
  now_inside int NOT NULL,
  open int NOT NULL,
  UNIQUE NULLS NOT DISTINCT (conference_id, sub_forum_id, partition)
);

-- How often a conference's picture has changed, per source so that consumers do not wait for one another.
-- The sum is the version of a snapshot: each commit raises it, and a snapshot sees whole commits.
CREATE TABLE picture_versions (
  conference_id uuid NOT NULL,
  topic text NOT NULL,
  partition int NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (conference_id, topic, partition)
);
