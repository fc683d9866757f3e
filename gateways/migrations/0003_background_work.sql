-- How far followers of the log and jobs are, and which events an operator left out (ADR 18).

CREATE TABLE background_work (
  name text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('follower', 'job')),
  position bigint,
  epoch bigint NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'running',
  attempts integer NOT NULL DEFAULT 0,
  error text,
  failed_position bigint,
  failed_event text,
  failed_topic text,
  failing_since timestamptz,
  next_attempt_at timestamptz,
  batches bigint NOT NULL DEFAULT 0,
  events bigint NOT NULL DEFAULT 0,
  failures bigint NOT NULL DEFAULT 0,
  worked_at timestamptz,
  CHECK ((kind = 'follower') = (position IS NOT NULL))
);
CREATE TABLE skipped_events (
  follower text NOT NULL,
  position bigint NOT NULL,
  event text NOT NULL,
  topic text NOT NULL,
  error text NOT NULL,
  skipped_by text NOT NULL,
  skipped_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (follower, position)
);
