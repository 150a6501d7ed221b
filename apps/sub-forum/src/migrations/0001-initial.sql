-- Conferences, their sub-forums, and who has a seat.

CREATE TABLE conferences (
  id         uuid PRIMARY KEY,
  version    int NOT NULL CHECK (version >= 1),
  -- The whole of the settings as the contract has them; the columns below are drawn from it.
  settings   jsonb NOT NULL,
  slug       text NOT NULL GENERATED ALWAYS AS (settings ->> 'slug') STORED UNIQUE,
  state      text NOT NULL GENERATED ALWAYS AS (settings ->> 'state') STORED,
  starts_on  text COLLATE "C" NOT NULL GENERATED ALWAYS AS (settings ->> 'startsOn') STORED,
  changed_at timestamptz NOT NULL
);
CREATE INDEX conferences_in_order ON conferences (starts_on DESC, id);

CREATE TABLE sub_forums (
  id             uuid PRIMARY KEY,
  conference_id  uuid NOT NULL REFERENCES conferences,
  -- Of the settings: seats have versions of their own.
  version        int NOT NULL CHECK (version >= 1),
  settings       jsonb NOT NULL,
  code           text NOT NULL GENERATED ALWAYS AS (settings ->> 'code') STORED,
  track          text GENERATED ALWAYS AS (settings ->> 'track') STORED,
  room           text COLLATE "C" NOT NULL GENERATED ALWAYS AS (settings ->> 'room') STORED,
  floor          text GENERATED ALWAYS AS (settings ->> 'floor') STORED,
  admission      text NOT NULL GENERATED ALWAYS AS (settings ->> 'admission') STORED,
  categories     jsonb NOT NULL GENERATED ALWAYS AS (settings -> 'categories') STORED,
  -- null: no limit
  capacity       int GENERATED ALWAYS AS ((settings ->> 'capacity')::int) STORED CHECK (capacity >= 0),
  reserved       int NOT NULL GENERATED ALWAYS AS ((settings ->> 'reserved')::int) STORED CHECK (reserved >= 0),
  -- A text can't be drawn from jsonb as an instant by an immutable expression, so these three are written beside it.
  starts_at      timestamptz NOT NULL,
  ends_at        timestamptz NOT NULL,
  reserved_until timestamptz,
  -- What `q` looks through: lower-case title, track, room, code, hosts, sessions, speakers.
  search         text NOT NULL,
  state          text NOT NULL CHECK (state IN ('scheduled', 'closed', 'cancelled')),
  -- Counters of the rows in seats; written with them under this row's lock.
  confirmed      int NOT NULL DEFAULT 0 CHECK (confirmed >= 0),
  waitlisted     int NOT NULL DEFAULT 0 CHECK (waitlisted >= 0),
  reserved_used  int NOT NULL DEFAULT 0 CHECK (reserved_used BETWEEN 0 AND confirmed),
  next_place     int NOT NULL DEFAULT 1,
  -- greatest(capacity, confirmed) when the capacity was set, falling with each release; null: no limit.
  seat_limit     int,
  -- The talks it was imported from; null: made by hand.
  import_guids   text[],
  changed_at     timestamptz NOT NULL,
  CHECK (starts_at < ends_at),
  CONSTRAINT never_oversold CHECK (confirmed <= seat_limit)
);
CREATE UNIQUE INDEX sub_forums_code ON sub_forums (conference_id, lower(code));
CREATE UNIQUE INDEX sub_forums_in_order ON sub_forums (conference_id, starts_at, room, code COLLATE "C");
CREATE INDEX sub_forums_ending ON sub_forums (ends_at);
CREATE INDEX sub_forums_reserved ON sub_forums (reserved_until) WHERE reserved_until IS NOT NULL;

-- One row per registration and sub-forum that was ever asked for: what became of its latest request.
CREATE TABLE seats (
  sub_forum_id    uuid NOT NULL REFERENCES sub_forums,
  registration_id uuid NOT NULL,
  version         int NOT NULL CHECK (version >= 1),
  request_id      uuid NOT NULL,
  category        text NOT NULL,
  state           text NOT NULL CHECK (state IN ('confirmed', 'waitlisted', 'released', 'refused')),
  place           int,
  position        int,
  reason          text,
  promoted        boolean NOT NULL,
  out_of_turn     boolean NOT NULL,
  -- Sits on a seat that is held for invitations.
  from_reserve    boolean NOT NULL,
  requested_at    timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  PRIMARY KEY (sub_forum_id, registration_id),
  CHECK (state <> 'waitlisted' OR place IS NOT NULL),
  CHECK ((reason IS NOT NULL) = (state IN ('released', 'refused')))
);
CREATE UNIQUE INDEX seats_waiting ON seats (sub_forum_id, place) WHERE state = 'waitlisted';

-- History is not deleted: a sub-forum is cancelled, a conference archived.
REVOKE DELETE ON conferences, sub_forums FROM plenary_sub_forum;
