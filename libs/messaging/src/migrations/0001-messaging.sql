-- What messaging keeps in every schema. Runs with search_path = that schema, as its owner.

-- Events that are committed but not yet in Kafka. Written with the state they tell; read and emptied by the relay alone.
CREATE TABLE outbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic       text        NOT NULL,
  key         text        NOT NULL,
  event_id    uuid        NOT NULL,
  type        text        NOT NULL,
  subject     text        NOT NULL,
  traceparent text,
  -- json, not jsonb: what is sent is byte for byte what was published
  body        json        NOT NULL,
  time        timestamptz NOT NULL
);
-- A queue: dead rows must go before the index scan from its head grows long.
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
                        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000);

-- Where this service stands in each partition: the one truth, moved on in the transaction of the handlers.
CREATE TABLE consumer_offsets (
  topic       text        NOT NULL,
  partition   integer     NOT NULL,
  next_offset bigint      NOT NULL,
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition)
);
ALTER TABLE consumer_offsets SET (fillfactor = 50);

-- The highest version heard of each subject. A tombstone is 2147483647: nothing stands above it.
CREATE TABLE subject_versions (
  topic   text    NOT NULL,
  subject text    NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (topic, subject)
);
ALTER TABLE subject_versions SET (fillfactor = 80);

-- Events set aside: the one that could not be handled, and all that followed of its subject.
CREATE TABLE parked (
  topic       text        NOT NULL,
  partition   integer     NOT NULL,
  "offset"    bigint      NOT NULL,
  key         bytea,
  subject     text        NOT NULL,
  type        text        NOT NULL,
  version     integer,
  headers     jsonb       NOT NULL,
  body        bytea,
  -- unparsable | handler_failed | version_gap | behind_parked
  cause       text        NOT NULL,
  error       text        NOT NULL,
  tries       integer     NOT NULL,
  parked_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition, "offset")
);
CREATE INDEX parked_by_subject ON parked (topic, subject, "offset");

-- Repairs asked for by an operator or another service: 'replay' of parked events, 'resync' of an owner's state.
-- A resync goes page by page, its cursor kept here, so a killed process goes on where it stood.
CREATE TABLE repairs (
  id           uuid        PRIMARY KEY,
  kind         text        NOT NULL CHECK (kind IN ('replay', 'resync')),
  topic        text,
  subject      text,
  cursor       text,
  requested_by text        NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);
