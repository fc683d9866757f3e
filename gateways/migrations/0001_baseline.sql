-- All that isn't rebuilt from the log, as it was when migrations got numbers. Databases of earlier programs get what they lack:
-- every statement is repeatable, and columns that came later are added once more after their table.

-- The log, written by `denta_append` alone (gateways/event_schema.py).

CREATE TABLE IF NOT EXISTS events (
  position bigint PRIMARY KEY,
  originator_id uuid NOT NULL,
  originator_version integer NOT NULL CHECK (originator_version > 0),
  topic text NOT NULL,
  state json NOT NULL,
  metadata json NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT events_stream UNIQUE (originator_id, originator_version)
);
CREATE INDEX IF NOT EXISTS events_recorded_at ON events (recorded_at);

CREATE OR REPLACE FUNCTION denta_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'recorded events are never changed or removed';
END
$$;
CREATE OR REPLACE TRIGGER events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION denta_refuse_rewriting();

CREATE TABLE IF NOT EXISTS snapshots (
  originator_id uuid NOT NULL,
  originator_version integer NOT NULL,
  topic text NOT NULL,
  state bytea NOT NULL,
  PRIMARY KEY (originator_id, originator_version)
);

-- First answers to commands: what the same command id is answered once more.

CREATE TABLE IF NOT EXISTS commands (
  command_id uuid PRIMARY KEY,
  fingerprint text NOT NULL,
  position bigint NOT NULL,
  answer json NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What guards refuse by, and the numbers that people see. Guards' own tables are rebuilt from the log (gateways/guards/).

CREATE OR REPLACE FUNCTION denta_refuse(guard text, facts jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'DE001', MESSAGE = guard, DETAIL = facts::text;
END
$$;

CREATE SEQUENCE IF NOT EXISTS guard_number_visit;
CREATE SEQUENCE IF NOT EXISTS guard_number_patient;
CREATE SEQUENCE IF NOT EXISTS guard_number_employee;

CREATE OR REPLACE FUNCTION denta_next_number(kind text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  given bigint;
BEGIN
  LOOP
    given := nextval('guard_number_' || kind);
    EXIT WHEN kind <> 'patient'
      OR NOT EXISTS (SELECT FROM guard_card_number AS card WHERE card.number = given::text);
  END LOOP;
  RETURN given;
END
$$;

-- Accounts: secrets beside the log (ADR 3), sessions, attempts at signing in.

CREATE TABLE IF NOT EXISTS credentials (
  access_id uuid PRIMARY KEY,
  password_hash text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE IF NOT EXISTS second_factors (
  access_id uuid PRIMARY KEY,
  secret text NOT NULL,
  enabled boolean NOT NULL DEFAULT false,
  last_step bigint NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS recovery_codes (
  access_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  PRIMARY KEY (access_id, code_hash)
);

CREATE TABLE IF NOT EXISTS sessions (
  token_hash bytea PRIMARY KEY,
  access_id uuid NOT NULL,
  address text NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  device text NOT NULL DEFAULT ''
);
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS device text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS sessions_access ON sessions (access_id);

CREATE TABLE IF NOT EXISTS sign_in_failures (
  key text NOT NULL,
  failed_at timestamptz NOT NULL,
  attempt uuid,
  settled boolean NOT NULL DEFAULT true
);
ALTER TABLE sign_in_failures ADD COLUMN IF NOT EXISTS attempt uuid;
ALTER TABLE sign_in_failures ADD COLUMN IF NOT EXISTS settled boolean NOT NULL DEFAULT true;
CREATE INDEX IF NOT EXISTS sign_in_failures_key ON sign_in_failures (key, failed_at);
CREATE INDEX IF NOT EXISTS sign_in_failures_attempt ON sign_in_failures (attempt);

CREATE TABLE IF NOT EXISTS known_browsers (
  access_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (token_hash, access_id)
);
CREATE TABLE IF NOT EXISTS known_addresses (address_hash bytea PRIMARY KEY, seen_at timestamptz NOT NULL);

-- Loadings from Excel: the file, its rows as they were checked, how far each has come.

CREATE TABLE IF NOT EXISTS excel_imports (
  id uuid PRIMARY KEY,
  catalogue text NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL,
  user_id uuid,
  employee_id uuid,
  address text NOT NULL,
  rows_total integer NOT NULL DEFAULT 0,
  rows_done integer NOT NULL DEFAULT 0,
  unchanged integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  problem text NOT NULL DEFAULT '',
  ignored text[] NOT NULL DEFAULT '{}',
  notes text[] NOT NULL DEFAULT '{}',
  headings text[] NOT NULL DEFAULT '{}',
  file_digest text NOT NULL DEFAULT ''
);
ALTER TABLE excel_imports ADD COLUMN IF NOT EXISTS ignored text[] NOT NULL DEFAULT '{}';
ALTER TABLE excel_imports ADD COLUMN IF NOT EXISTS notes text[] NOT NULL DEFAULT '{}';
ALTER TABLE excel_imports ADD COLUMN IF NOT EXISTS headings text[] NOT NULL DEFAULT '{}';
ALTER TABLE excel_imports ADD COLUMN IF NOT EXISTS file_digest text NOT NULL DEFAULT '';
CREATE TABLE IF NOT EXISTS excel_import_files (
  import_id uuid NOT NULL REFERENCES excel_imports ON DELETE CASCADE,
  part integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (import_id, part)
);
ALTER TABLE excel_import_files ALTER content SET STORAGE EXTERNAL;
CREATE TABLE IF NOT EXISTS excel_import_rows (
  import_id uuid NOT NULL REFERENCES excel_imports ON DELETE CASCADE,
  row integer NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  object_id uuid,
  version integer NOT NULL,
  fields jsonb NOT NULL,
  edits jsonb NOT NULL,
  before jsonb NOT NULL,
  errors jsonb NOT NULL,
  decision text,
  done text,
  done_version integer NOT NULL DEFAULT 0,
  undone text,
  reason text NOT NULL DEFAULT '',
  by_id boolean NOT NULL DEFAULT false,
  cells jsonb NOT NULL DEFAULT '{}',
  beside jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (import_id, row)
);
ALTER TABLE excel_import_rows ADD COLUMN IF NOT EXISTS by_id boolean NOT NULL DEFAULT false;
ALTER TABLE excel_import_rows ADD COLUMN IF NOT EXISTS cells jsonb NOT NULL DEFAULT '{}';
ALTER TABLE excel_import_rows ADD COLUMN IF NOT EXISTS beside jsonb NOT NULL DEFAULT '[]';

-- Looks at personal data (ADR 9): only ever added to.

CREATE TABLE IF NOT EXISTS viewings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  moment timestamptz NOT NULL,
  user_id uuid NOT NULL,
  employee_id uuid NOT NULL,
  address text NOT NULL,
  way text NOT NULL,
  about text NOT NULL,
  object_id uuid,
  patient_id uuid,
  filter jsonb,
  count integer
);
CREATE INDEX IF NOT EXISTS viewings_patient ON viewings (patient_id, id) WHERE patient_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS viewings_user ON viewings (user_id, id);
CREATE INDEX IF NOT EXISTS viewings_moment ON viewings USING brin (moment);
CREATE OR REPLACE TRIGGER viewings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON viewings
  FOR EACH STATEMENT EXECUTE FUNCTION denta_refuse_rewriting();

-- Federal dictionaries, version by version.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE IF NOT EXISTS dictionary_versions (
  oid text NOT NULL,
  version text NOT NULL,
  title text NOT NULL,
  file_hash text NOT NULL,
  loaded_at timestamptz NOT NULL,
  entries integer NOT NULL,
  PRIMARY KEY (oid, version)
);
CREATE TABLE IF NOT EXISTS dictionary_entries (
  oid text NOT NULL,
  version text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  actual boolean NOT NULL,
  search text NOT NULL GENERATED ALWAYS AS (translate(lower(code || ' ' || name), 'ё', 'е')) STORED,
  PRIMARY KEY (oid, version, code),
  FOREIGN KEY (oid, version) REFERENCES dictionary_versions
);
CREATE INDEX IF NOT EXISTS dictionary_entries_search ON dictionary_entries USING gin (search gin_trgm_ops);

-- How far each read model is, and how far its rebuild. Read models themselves are rebuilt (projections/).

CREATE TABLE IF NOT EXISTS projections (
  name text PRIMARY KEY,
  position bigint NOT NULL DEFAULT 0,
  revision integer NOT NULL,
  shape text NOT NULL,
  generation bigint NOT NULL DEFAULT 1,
  status text NOT NULL DEFAULT 'running',
  error text,
  failed_position bigint,
  failed_topic text,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE IF NOT EXISTS projection_rebuilds (
  name text PRIMARY KEY,
  stage text NOT NULL,
  done bigint NOT NULL,
  goal bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What is derived from the code and the log, guards and the functions of the append, by revision (gateways/schema.py).

CREATE TABLE IF NOT EXISTS schema_parts (
  name text PRIMARY KEY,
  revision integer NOT NULL,
  digest text NOT NULL,
  prepared_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Programs from before the revisions look into `guard_shapes` first and would restore what they know: they end there.
-- Guards whose table has today's shape already are not filled once more.

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('guard_shapes') AND relkind = 'r') THEN
    INSERT INTO schema_parts (name, revision, digest)
    SELECT 'guard ' || known.name, 1, known.digest
    FROM guard_shapes AS was JOIN (VALUES
      ('clinic_rules', '8ec30413971f09abdd9ec7195d48469f993d66bfd48c0af1f925ed3925781f83',
        '12709ca9cdc493462c375fb162655231bddf7928241498fa914b9394dbd47753'),
      ('card_number', 'c14e6f0fc263f8bf4333877484b9c31982993604cb2dbca2bf265c7450545a68',
        'e9478b6987d38f083415b5b0211014f01da15366f041957b5917d0242476b2ef'),
      ('email', '9e46231d4ba5f789976f284c880039dd5c90831831c2c4d2cd1287894d36f15b',
        'bcc1e40c5973a8f7c14f233e03733e348ba9203c9e2e4b251691d0ea144d94ea'),
      ('catalogue_name', 'ff82b1daca43c8c303450a4133af35706b8eb76402b546aaf91ac75d33150441',
        'f5a353cf84e70f5a7a3fa6645d7bfc28f3abb1c8013bfe76a4dcf9f87ec7f745'),
      ('internal_number', '3d9937e7110d9a70a671669866206a92427370aee56bc0170958fa2e472c331e',
        '99b64512b7f230ff9873368edc2a5c0779641dd6b8f13e6395fca5b39c98b99c'),
      ('rights_set_name', '190802f85217aa3b2242df72edfd6fb6b9e754bf1d407aeab0c958335e0f9230',
        '27e6d652528eac40529ddaf7e9329719c2e62b33d4273b9840a27a4c5fca211f')
    ) AS known(name, shape, digest) ON was.name = known.name AND was.digest = known.shape;
    DROP TABLE guard_shapes;
  END IF;
END
$$;
CREATE OR REPLACE FUNCTION denta_refuse_older() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'База данных подготовлена более новой версией Denta. Обновите эту программу.';
END
$$;
CREATE OR REPLACE VIEW guard_shapes AS SELECT ''::text AS name, denta_refuse_older() AS digest;

-- Programs from before migrations know the parts below by revision and end at one that they don't know: «migrations».

DELETE FROM schema_parts WHERE name IN ('log', 'numbers', 'second_factors', 'sessions', 'sign_in_attempts', 'known_places',
  'import_jobs', 'viewings', 'dictionaries');
INSERT INTO schema_parts (name, revision, digest) VALUES ('migrations', 1, '') ON CONFLICT (name) DO NOTHING;
