-- Keys that sign access and device tokens. The private part is sealed with AES-256-GCM under IDENTITY_KEY.
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  public_key bytea NOT NULL,
  sealed_private_key bytea NOT NULL,
  -- Published before that, so that every service has seen it when the first token arrives.
  signs_from timestamptz NOT NULL,
  -- When the last token that it signed ends: published until then.
  needed_until timestamptz NOT NULL
);

CREATE TABLE staff (
  id uuid PRIMARY KEY,
  version int NOT NULL,
  -- Lower case; the erasable row of a person, together with the name.
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  admin boolean NOT NULL DEFAULT false,
  disabled boolean NOT NULL DEFAULT false,
  -- PHC string; null until a password was set by the one-time link.
  password_hash text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE staff_grants (
  staff_id uuid NOT NULL REFERENCES staff,
  conference_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('organiser', 'cohost', 'supervisor', 'desk')),
  sub_forum_ids uuid[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (staff_id, conference_id, role),
  CHECK ((role = 'cohost') = (cardinality(sub_forum_ids) > 0))
);
CREATE INDEX ON staff_grants (conference_id);

CREATE TABLE password_links (
  id uuid PRIMARY KEY,
  staff_id uuid NOT NULL REFERENCES staff,
  token_hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX ON password_links (staff_id);

-- One signed-in browser. Its refresh token is a MAC over id and generation, so none is stored.
CREATE TABLE refresh_families (
  id uuid PRIMARY KEY,
  staff_id uuid NOT NULL REFERENCES staff,
  generation int NOT NULL,
  rotated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_by text CHECK (ended_by IN ('sign_out', 'reuse', 'disabled', 'password'))
);
CREATE INDEX ON refresh_families (staff_id);

-- Failed sign-ins by account and address (keyed hashes), account, address.
CREATE TABLE sign_in_attempts (
  bucket text PRIMARY KEY,
  failures int NOT NULL,
  last_at timestamptz NOT NULL,
  blocked_until timestamptz NOT NULL
);

CREATE TABLE devices (
  id uuid PRIMARY KEY,
  version int NOT NULL,
  conference_id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'enrolled', 'revoked')),
  token_generation int NOT NULL DEFAULT 0,
  venue boolean NOT NULL,
  rooms text[] NOT NULL,
  gate_ids uuid[] NOT NULL,
  -- How many enrolment codes were made: a code is a MAC over id and number, and kept as a keyed hash.
  code_number int NOT NULL DEFAULT 0,
  code_hash bytea UNIQUE,
  code_expires_at timestamptz,
  enrolled_at timestamptz,
  -- What the enrolling device says it was before; a claim, not a right.
  previous_device_id uuid,
  changed_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON devices (conference_id, id);

-- The audit trail is append-only. Free text stands apart, so that it can be taken away.
CREATE TABLE audit_records (
  id uuid PRIMARY KEY,
  conference_id uuid,
  actor_kind text NOT NULL,
  actor_id uuid,
  action text NOT NULL,
  target_kind text NOT NULL,
  target_id text NOT NULL,
  details jsonb NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX ON audit_records (conference_id, at DESC, id DESC);
REVOKE UPDATE, DELETE ON audit_records FROM plenary_identity;
CREATE TABLE audit_reasons (
  audit_id uuid PRIMARY KEY,
  reason text NOT NULL
);

CREATE TABLE known_conferences (
  conference_id uuid PRIMARY KEY,
  slug text NOT NULL,
  ends_on date NOT NULL
);
CREATE INDEX ON known_conferences (slug);
