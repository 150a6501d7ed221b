-- What other services told us: each table holds the rows of one topic, and nothing refers across topics.

CREATE TABLE known_conferences (
  conference_id uuid PRIMARY KEY,
  version integer NOT NULL,
  slug text NOT NULL,
  -- The whole state as announced.
  body jsonb NOT NULL
);
CREATE INDEX known_conferences_slug ON known_conferences (slug);

CREATE TABLE known_sub_forums (
  sub_forum_id uuid PRIMARY KEY,
  version integer NOT NULL,
  conference_id uuid NOT NULL,
  code text NOT NULL,
  title jsonb NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
);
CREATE INDEX known_sub_forums_conference ON known_sub_forums (conference_id);

CREATE TABLE known_badges (
  registration_id uuid PRIMARY KEY,
  version integer NOT NULL,
  state text NOT NULL,
  revision integer NOT NULL
);

-- What this service decides.

CREATE TABLE registration_forms (
  conference_id uuid PRIMARY KEY,
  -- Version 1 is the form with its defaults, which has no row.
  version integer NOT NULL,
  settings jsonb NOT NULL
);

CREATE TABLE delegations (
  id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  quota integer CHECK (quota > 0),
  leader jsonb NOT NULL,
  link_generation integer NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX delegations_by_name ON delegations (conference_id, name, id);

-- The row of a registration is the lock for its person and its choices too: take it first, many of them sorted by id.
CREATE TABLE registrations (
  id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  -- Of the topic `registrations`.
  version integer NOT NULL,
  -- Of what the delegate edits: the ETag.
  settings_version integer NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'approved', 'declined', 'cancelled')),
  -- What a reinstated registration returns to.
  status_before text CHECK (status_before IN ('pending', 'approved')),
  category text NOT NULL,
  locale text NOT NULL,
  delegation_id uuid REFERENCES delegations (id),
  -- The wished list as last stated, in order.
  sub_forum_ids uuid[] NOT NULL,
  link_generation integer NOT NULL,
  link_requested_at timestamptz,
  created_at timestamptz NOT NULL,
  -- When `version` was reached.
  changed_at timestamptz NOT NULL,
  CHECK ((status = 'cancelled') = (status_before IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX registrations_in_order ON registrations (conference_id, created_at, id);
CREATE INDEX registrations_of_delegation ON registrations (delegation_id) WHERE delegation_id IS NOT NULL;

-- All that is personal, in one row that can be erased.
CREATE TABLE people (
  registration_id uuid PRIMARY KEY,
  conference_id uuid NOT NULL,
  person jsonb NOT NULL,
  answers jsonb NOT NULL,
  -- The mailbox that registered itself, trimmed and case-folded; null where a leader or the desk registered.
  mailbox text
);
CREATE UNIQUE INDEX people_mailbox ON people (conference_id, mailbox) WHERE mailbox IS NOT NULL;

-- One row for each sub-forum that a registration ever chose; it stays, since its versions go on.
CREATE TABLE choices (
  registration_id uuid NOT NULL,
  sub_forum_id uuid NOT NULL,
  state text NOT NULL
    CHECK (state IN ('awaiting_approval', 'pending', 'confirmed', 'waitlisted', 'refused', 'released')),
  reason text,
  -- The confirmed seat that is given up once this one is confirmed.
  replaces uuid,
  -- What was last asked of the sub-forum's queue, under which name, and when; null: nothing was yet.
  asked text CHECK (asked IN ('seat', 'release')),
  request_id uuid,
  asked_at timestamptz,
  -- Set while no answer has come: when to ask again.
  resend_at timestamptz,
  -- Of the topic `seat-requests`.
  queue_version integer NOT NULL,
  -- The newest version on the topic `seats` that was taken in.
  seat_version integer NOT NULL,
  -- Place in the sub-forum's queue, while waitlisted.
  place integer,
  PRIMARY KEY (registration_id, sub_forum_id)
) WITH (fillfactor = 80);
CREATE INDEX choices_of_sub_forum ON choices (sub_forum_id, state);
CREATE INDEX choices_waiting ON choices (sub_forum_id, place) WHERE state = 'waitlisted';
CREATE INDEX choices_open ON choices (resend_at) WHERE resend_at IS NOT NULL;
CREATE INDEX choices_swaps ON choices (replaces) WHERE replaces IS NOT NULL;
