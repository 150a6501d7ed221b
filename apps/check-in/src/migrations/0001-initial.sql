-- What other services have told us: each topic writes its own tables only, nothing refers across topics.

CREATE TABLE known_conferences (
  conference_id uuid PRIMARY KEY,
  slug text NOT NULL,
  time_zone text NOT NULL,
  -- [{ key, admits }, …]
  categories jsonb NOT NULL,
  mode text NOT NULL,
  state text NOT NULL
);
CREATE INDEX known_conferences_slug ON known_conferences (slug);

CREATE TABLE known_sub_forums (
  sub_forum_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  title jsonb NOT NULL,
  room text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  admission text NOT NULL,
  capacity int,
  room_cap int,
  categories text[] NOT NULL,
  walk_in text NOT NULL,
  re_entry boolean NOT NULL,
  state text NOT NULL,
  -- Registrations of speakers and crew: they pass without a seat.
  passes uuid[] NOT NULL
);
-- Who comes before in the same room.
CREATE INDEX known_sub_forums_room ON known_sub_forums (conference_id, room, ends_at);

-- The one table with names: what the door shows of a person. An erased one stays as a tombstone without them.
CREATE TABLE known_registrations (
  registration_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  status text NOT NULL,
  category text NOT NULL,
  name text,
  latin_name text,
  organisation text,
  erased boolean NOT NULL DEFAULT false
);

CREATE TABLE known_seats (
  registration_id uuid NOT NULL,
  sub_forum_id uuid NOT NULL,
  conference_id uuid NOT NULL,
  state text NOT NULL,
  place bigint,
  reason text,
  since timestamptz NOT NULL,
  PRIMARY KEY (registration_id, sub_forum_id)
);
-- A waitlist position is a rank by place.
CREATE INDEX known_seats_waitlist ON known_seats (sub_forum_id, place) WHERE state = 'waitlisted';
CREATE INDEX known_seats_holders ON known_seats (sub_forum_id, registration_id) WHERE state = 'confirmed';

CREATE TABLE known_badges (
  registration_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  serial bigint NOT NULL,
  revision int NOT NULL,
  state text NOT NULL,
  token_hash text NOT NULL,
  expires_at timestamptz NOT NULL,
  since timestamptz NOT NULL
);
CREATE INDEX known_badges_serial ON known_badges (conference_id, serial);

CREATE TABLE known_badge_keys (
  key_id bigint PRIMARY KEY,
  conference_id uuid NOT NULL,
  public_key text NOT NULL
);

CREATE TABLE known_devices (
  device_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  token_generation int NOT NULL
);
-- Where a device stood and since when: a late scan is authorised by the binding of its own time.
CREATE TABLE known_device_bindings (
  device_id uuid NOT NULL,
  version int NOT NULL,
  since timestamptz NOT NULL,
  venue boolean NOT NULL,
  rooms text[] NOT NULL,
  gate_ids uuid[] NOT NULL,
  PRIMARY KEY (device_id, version)
);

-- What this service decides.

CREATE TABLE gates (
  gate_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  -- null: a gate of the venue
  sub_forum_id uuid,
  name text NOT NULL,
  direction text NOT NULL,
  open boolean NOT NULL,
  opens_before_minutes int NOT NULL,
  closes_after_minutes int NOT NULL,
  opens_at text,
  closes_at text,
  re_entry boolean NOT NULL,
  categories text[] NOT NULL,
  missed_exit boolean NOT NULL,
  roster_max_age_minutes int NOT NULL,
  version int NOT NULL
);
CREATE INDEX gates_conference ON gates (conference_id, name, gate_id);
CREATE INDEX gates_sub_forum ON gates (sub_forum_id);

-- How full a sub-forum's room is, and the venue (place_id = conference_id): counts of the open stays and of the people
-- who ever had one. A scan locks the rows of its places after the row of its person.
CREATE TABLE room_states (
  place_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  sub_forum_id uuid,
  inside int NOT NULL DEFAULT 0,
  admitted int NOT NULL DEFAULT 0
);

-- One row for each badge that was ever at a door: the lock under which everything about its holder is decided.
CREATE TABLE badge_states (
  registration_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  -- of the subject on check-ins that tells this person's stays; 0: nothing told yet
  stays_version int NOT NULL DEFAULT 0
);

-- Append only.
CREATE TABLE scan_log (
  scan_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  registration_id uuid,
  gate_id uuid NOT NULL,
  sub_forum_id uuid,
  device_id uuid,
  staff_id uuid,
  direction text NOT NULL,
  method text NOT NULL,
  scanned_at timestamptz NOT NULL,
  clock_offset_ms bigint,
  received_at timestamptz NOT NULL,
  corrected_at timestamptz NOT NULL,
  -- the server's own verdict, and what the door did where it told with this upload
  verdict text NOT NULL,
  detail text,
  reason text,
  acted text,
  outcome text NOT NULL,
  conflict_id uuid,
  -- SHA-256 over the request without `acted`: a repeat is told from a reused id
  request_hash text NOT NULL,
  -- the answer as given, without what is known of the person
  answer jsonb NOT NULL
);
CREATE INDEX scan_log_registration ON scan_log (registration_id);
REVOKE UPDATE, DELETE ON scan_log FROM plenary_check_in;

-- What the door did, told later than the scan itself: its live answer came too late or never.
CREATE TABLE scan_acts (
  scan_id uuid PRIMARY KEY,
  acted text NOT NULL,
  outcome text NOT NULL,
  conflict_id uuid,
  received_at timestamptz NOT NULL
);

CREATE TABLE scan_undos (
  scan_id uuid PRIMARY KEY,
  device_id uuid,
  staff_id uuid,
  undone_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL
);

-- The fold over what happened, by the scan that opened the stay.
CREATE TABLE stays (
  scan_id uuid PRIMARY KEY,
  registration_id uuid NOT NULL,
  conference_id uuid NOT NULL,
  level text NOT NULL,
  sub_forum_id uuid,
  gate_id uuid NOT NULL,
  entered_at timestamptz NOT NULL,
  detail text,
  exited_at timestamptz,
  exit text
);
CREATE INDEX stays_registration ON stays (registration_id);
CREATE UNIQUE INDEX stays_one_open ON stays (registration_id, level) WHERE exited_at IS NULL;
CREATE INDEX stays_open_in_room ON stays (sub_forum_id) WHERE exited_at IS NULL AND level = 'room';
CREATE INDEX stays_open_in_venue ON stays (conference_id, entered_at) WHERE exited_at IS NULL;

CREATE TABLE conflicts (
  conflict_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  registration_id uuid,
  sub_forum_id uuid,
  -- by corrected time
  scan_ids uuid[] NOT NULL,
  found_at timestamptz NOT NULL,
  version int NOT NULL
);
CREATE UNIQUE INDEX conflicts_once ON conflicts (kind, scan_ids);
CREATE INDEX conflicts_registration ON conflicts (registration_id) WHERE state = 'open';
CREATE INDEX conflicts_conference ON conflicts (conference_id, found_at, conflict_id);
