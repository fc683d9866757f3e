-- What Denta made of an empty database before parts of the schema had revisions; never to be changed.

CREATE TABLE IF NOT EXISTS guard_shapes (name text PRIMARY KEY, digest text NOT NULL);
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

CREATE TABLE IF NOT EXISTS commands (
  command_id uuid PRIMARY KEY,
  fingerprint text NOT NULL,
  position bigint NOT NULL,
  answer json NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE IF NOT EXISTS credentials (
  access_id uuid PRIMARY KEY,
  password_hash text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE OR REPLACE FUNCTION denta_refuse(guard text, facts jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'DE001', MESSAGE = guard, DETAIL = facts::text;
END
$$;
CREATE TABLE IF NOT EXISTS guard_clinic_rules (id uuid PRIMARY KEY, one_patient_at_once boolean NOT NULL);
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE IF NOT EXISTS guard_doctor_time (
  id uuid PRIMARY KEY,
  number bigint NOT NULL,
  doctor_id uuid,
  patient_id uuid NOT NULL,
  starts_at timestamp NOT NULL,
  ends_at timestamp NOT NULL,
  status text NOT NULL,
  CHECK (starts_at < ends_at)
);
CREATE INDEX IF NOT EXISTS guard_doctor_time_during ON guard_doctor_time USING gist (doctor_id, tsrange(starts_at, ends_at));
CREATE INDEX IF NOT EXISTS guard_doctor_time_live ON guard_doctor_time (starts_at)
  WHERE status IN ('planned', 'confirmed', 'arrived');
CREATE TABLE IF NOT EXISTS guard_card_number (id uuid PRIMARY KEY, number text NOT NULL, UNIQUE (number));
CREATE TABLE IF NOT EXISTS guard_email (id uuid PRIMARY KEY, employee_id uuid NOT NULL, address text NOT NULL, key text NOT NULL, rights_set_id uuid NOT NULL, UNIQUE (key));
CREATE TABLE IF NOT EXISTS guard_catalogue_name (id uuid PRIMARY KEY, catalogue text NOT NULL, name text NOT NULL, key text NOT NULL, UNIQUE (catalogue, key));
CREATE TABLE IF NOT EXISTS guard_internal_number (id uuid PRIMARY KEY, number text NOT NULL, UNIQUE (number));
CREATE TABLE IF NOT EXISTS guard_rights_set_name (id uuid PRIMARY KEY, name text NOT NULL, key text NOT NULL);
CREATE OR REPLACE FUNCTION denta_guard_clinic_rules(claim jsonb) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
  wanted guard_clinic_rules := jsonb_populate_record(NULL::guard_clinic_rules, claim);
  other guard_clinic_rules;
BEGIN
  IF NOT (claim->>'holds')::boolean THEN
    DELETE FROM guard_clinic_rules WHERE id = wanted.id;
    RETURN;
  END IF;
  
  IF NOT EXISTS (SELECT FROM guard_clinic_rules AS held WHERE held.id = wanted.id AND held.one_patient_at_once IS NOT DISTINCT FROM wanted.one_patient_at_once) THEN
    INSERT INTO guard_clinic_rules (id, one_patient_at_once) VALUES (wanted.id, wanted.one_patient_at_once) ON CONFLICT (id) DO UPDATE SET one_patient_at_once = excluded.one_patient_at_once;
  END IF;
END
$guard$;
CREATE OR REPLACE FUNCTION denta_guard_doctor_time(claim jsonb) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
  wanted guard_doctor_time := jsonb_populate_record(NULL::guard_doctor_time, claim);
  other guard_doctor_time;
BEGIN
  IF NOT (claim->>'holds')::boolean THEN
    DELETE FROM guard_doctor_time WHERE id = wanted.id;
    RETURN;
  END IF;
  
  IF wanted.doctor_id IS NOT NULL AND EXISTS (SELECT FROM guard_clinic_rules WHERE one_patient_at_once) THEN
    SELECT t.* INTO other FROM guard_doctor_time t
    WHERE t.doctor_id = wanted.doctor_id AND t.id <> wanted.id
      AND tsrange(t.starts_at, t.ends_at) && tsrange(wanted.starts_at, wanted.ends_at)
      AND NOT EXISTS (SELECT FROM guard_doctor_time own WHERE own.id = wanted.id AND own.doctor_id = wanted.doctor_id
                      AND own.starts_at <= wanted.starts_at AND own.ends_at >= wanted.ends_at)
    ORDER BY t.starts_at, t.number LIMIT 1;
    IF FOUND THEN
      PERFORM denta_refuse('doctor_time', to_jsonb(other));
    END IF;
  END IF;

  IF NOT EXISTS (SELECT FROM guard_doctor_time AS held WHERE held.id = wanted.id AND held.number IS NOT DISTINCT FROM wanted.number AND held.doctor_id IS NOT DISTINCT FROM wanted.doctor_id AND held.patient_id IS NOT DISTINCT FROM wanted.patient_id AND held.starts_at IS NOT DISTINCT FROM wanted.starts_at AND held.ends_at IS NOT DISTINCT FROM wanted.ends_at AND held.status IS NOT DISTINCT FROM wanted.status) THEN
    INSERT INTO guard_doctor_time (id, number, doctor_id, patient_id, starts_at, ends_at, status) VALUES (wanted.id, wanted.number, wanted.doctor_id, wanted.patient_id, wanted.starts_at, wanted.ends_at, wanted.status) ON CONFLICT (id) DO UPDATE SET number = excluded.number, doctor_id = excluded.doctor_id, patient_id = excluded.patient_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at, status = excluded.status;
  END IF;
END
$guard$;
CREATE OR REPLACE FUNCTION denta_guard_card_number(claim jsonb) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
  wanted guard_card_number := jsonb_populate_record(NULL::guard_card_number, claim);
  other guard_card_number;
BEGIN
  IF NOT (claim->>'holds')::boolean THEN
    DELETE FROM guard_card_number WHERE id = wanted.id;
    RETURN;
  END IF;
  
  SELECT * INTO other FROM guard_card_number WHERE number = wanted.number AND id <> wanted.id LIMIT 1;
  IF FOUND THEN
    PERFORM denta_refuse('card_number', to_jsonb(other));
  END IF;

  IF NOT EXISTS (SELECT FROM guard_card_number AS held WHERE held.id = wanted.id AND held.number IS NOT DISTINCT FROM wanted.number) THEN
    INSERT INTO guard_card_number (id, number) VALUES (wanted.id, wanted.number) ON CONFLICT (id) DO UPDATE SET number = excluded.number;
  END IF;
END
$guard$;
CREATE OR REPLACE FUNCTION denta_guard_email(claim jsonb) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
  wanted guard_email := jsonb_populate_record(NULL::guard_email, claim);
  other guard_email;
BEGIN
  IF NOT (claim->>'holds')::boolean THEN
    DELETE FROM guard_email WHERE id = wanted.id;
    RETURN;
  END IF;
  
  SELECT * INTO other FROM guard_email WHERE key = wanted.key AND id <> wanted.id LIMIT 1;
  IF FOUND THEN
    PERFORM denta_refuse('email', to_jsonb(other));
  END IF;

  IF NOT EXISTS (SELECT FROM guard_email AS held WHERE held.id = wanted.id AND held.employee_id IS NOT DISTINCT FROM wanted.employee_id AND held.address IS NOT DISTINCT FROM wanted.address AND held.key IS NOT DISTINCT FROM wanted.key AND held.rights_set_id IS NOT DISTINCT FROM wanted.rights_set_id) THEN
    INSERT INTO guard_email (id, employee_id, address, key, rights_set_id) VALUES (wanted.id, wanted.employee_id, wanted.address, wanted.key, wanted.rights_set_id) ON CONFLICT (id) DO UPDATE SET employee_id = excluded.employee_id, address = excluded.address, key = excluded.key, rights_set_id = excluded.rights_set_id;
  END IF;
END
$guard$;
CREATE OR REPLACE FUNCTION denta_guard_catalogue_name(claim jsonb) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
  wanted guard_catalogue_name := jsonb_populate_record(NULL::guard_catalogue_name, claim);
  other guard_catalogue_name;
BEGIN
  IF NOT (claim->>'holds')::boolean THEN
    DELETE FROM guard_catalogue_name WHERE id = wanted.id;
    RETURN;
  END IF;
  
  SELECT * INTO other FROM guard_catalogue_name WHERE catalogue = wanted.catalogue AND key = wanted.key AND id <> wanted.id LIMIT 1;
  IF FOUND THEN
    PERFORM denta_refuse('catalogue_name', to_jsonb(other));
  END IF;

  IF NOT EXISTS (SELECT FROM guard_catalogue_name AS held WHERE held.id = wanted.id AND held.catalogue IS NOT DISTINCT FROM wanted.catalogue AND held.name IS NOT DISTINCT FROM wanted.name AND held.key IS NOT DISTINCT FROM wanted.key) THEN
    INSERT INTO guard_catalogue_name (id, catalogue, name, key) VALUES (wanted.id, wanted.catalogue, wanted.name, wanted.key) ON CONFLICT (id) DO UPDATE SET catalogue = excluded.catalogue, name = excluded.name, key = excluded.key;
  END IF;
END
$guard$;
CREATE OR REPLACE FUNCTION denta_guard_internal_number(claim jsonb) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
  wanted guard_internal_number := jsonb_populate_record(NULL::guard_internal_number, claim);
  other guard_internal_number;
BEGIN
  IF NOT (claim->>'holds')::boolean THEN
    DELETE FROM guard_internal_number WHERE id = wanted.id;
    RETURN;
  END IF;
  
  SELECT * INTO other FROM guard_internal_number WHERE number = wanted.number AND id <> wanted.id LIMIT 1;
  IF FOUND THEN
    PERFORM denta_refuse('internal_number', to_jsonb(other));
  END IF;

  IF NOT EXISTS (SELECT FROM guard_internal_number AS held WHERE held.id = wanted.id AND held.number IS NOT DISTINCT FROM wanted.number) THEN
    INSERT INTO guard_internal_number (id, number) VALUES (wanted.id, wanted.number) ON CONFLICT (id) DO UPDATE SET number = excluded.number;
  END IF;
END
$guard$;
CREATE OR REPLACE FUNCTION denta_guard_rights_set_name(claim jsonb) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
  wanted guard_rights_set_name := jsonb_populate_record(NULL::guard_rights_set_name, claim);
  other guard_rights_set_name;
BEGIN
  IF NOT (claim->>'holds')::boolean THEN
    DELETE FROM guard_rights_set_name WHERE id = wanted.id;
    RETURN;
  END IF;
  
  SELECT * INTO other FROM guard_rights_set_name WHERE key = wanted.key AND id <> wanted.id LIMIT 1;
  IF FOUND THEN
    PERFORM denta_refuse('rights_set_name', to_jsonb(other));
  END IF;

  IF NOT EXISTS (SELECT FROM guard_rights_set_name AS held WHERE held.id = wanted.id AND held.name IS NOT DISTINCT FROM wanted.name AND held.key IS NOT DISTINCT FROM wanted.key) THEN
    INSERT INTO guard_rights_set_name (id, name, key) VALUES (wanted.id, wanted.name, wanted.key) ON CONFLICT (id) DO UPDATE SET name = excluded.name, key = excluded.key;
  END IF;
END
$guard$;
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
CREATE OR REPLACE FUNCTION denta_append(appends json) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  item json;
  command uuid;
  first commands;
  claim json;
  facts jsonb;
  last_position bigint;
  last_moment timestamptz;
  next_position bigint;
  outcome jsonb;
  outcomes jsonb := '[]';
  told bigint;
  broken text;
BEGIN
  PERFORM pg_advisory_xact_lock(293220537409);
  SELECT position, recorded_at INTO last_position, last_moment FROM events ORDER BY position DESC LIMIT 1;
  last_position := coalesce(last_position, 0);
  FOR item IN SELECT value FROM json_array_elements(appends) LOOP
    BEGIN
      command := (item->>'command_id')::uuid;
      next_position := last_position + json_array_length(item->'events');
      INSERT INTO commands (command_id, fingerprint, position, answer)
      VALUES (command, item->>'fingerprint', CASE WHEN next_position > last_position THEN next_position ELSE 0 END,
        item->'answer') ON CONFLICT (command_id) DO NOTHING;
      IF NOT FOUND THEN
        SELECT * INTO first FROM commands WHERE command_id = command;
        outcome := jsonb_build_object('fingerprint', first.fingerprint, 'position', first.position, 'answer', first.answer);
      ELSE
        IF item->'unchanged' IS NOT NULL THEN
          SELECT jsonb_build_object('id', c.id) INTO facts
          FROM json_to_recordset(item->'unchanged') AS c(id uuid, version integer)
          WHERE c.version <> coalesce((SELECT max(originator_version) FROM events WHERE originator_id = c.id), 0) LIMIT 1;
          IF FOUND THEN
            PERFORM denta_refuse('unchanged', facts);
          END IF;
        END IF;
        IF item->'claims' IS NOT NULL THEN
          FOR claim IN SELECT value FROM json_array_elements(item->'claims') LOOP
            CASE claim->>'guard'
              WHEN 'clinic_rules' THEN PERFORM denta_guard_clinic_rules((claim->'claim')::jsonb);
              WHEN 'doctor_time' THEN PERFORM denta_guard_doctor_time((claim->'claim')::jsonb);
              WHEN 'card_number' THEN PERFORM denta_guard_card_number((claim->'claim')::jsonb);
              WHEN 'email' THEN PERFORM denta_guard_email((claim->'claim')::jsonb);
              WHEN 'catalogue_name' THEN PERFORM denta_guard_catalogue_name((claim->'claim')::jsonb);
              WHEN 'internal_number' THEN PERFORM denta_guard_internal_number((claim->'claim')::jsonb);
              WHEN 'rights_set_name' THEN PERFORM denta_guard_rights_set_name((claim->'claim')::jsonb);
            END CASE;
          END LOOP;
        END IF;
        INSERT INTO events (position, originator_id, originator_version, topic, state, metadata, recorded_at)
        SELECT last_position + e.ordinality, (e.value->>'id')::uuid, (e.value->>'version')::integer, e.value->>'topic',
          e.value->'state', item->'metadata', greatest(clock_timestamp(), last_moment)
        FROM json_array_elements(item->'events') WITH ORDINALITY AS e;
        IF item->'passwords' IS NOT NULL THEN
          INSERT INTO credentials (access_id, password_hash)
          SELECT c.id, c.hash FROM json_to_recordset(item->'passwords') AS c(id uuid, hash text)
          ON CONFLICT (access_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = clock_timestamp();
        END IF;
        told := CASE WHEN next_position > last_position THEN next_position ELSE told END;
        last_position := next_position;
        outcome := jsonb_build_object('position', next_position);
      END IF;
    EXCEPTION
      WHEN transaction_rollback OR insufficient_resources OR operator_intervention OR system_error OR lock_not_available OR object_in_use OR read_only_sql_transaction THEN
        RAISE;
      WHEN SQLSTATE 'DE001' THEN
        GET STACKED DIAGNOSTICS broken = PG_EXCEPTION_DETAIL;
        outcome := jsonb_build_object('refused', SQLERRM, 'facts', broken::jsonb);
      WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
        outcome := CASE WHEN broken = 'events_stream' THEN jsonb_build_object('refused', 'version')
                        ELSE jsonb_build_object('sqlstate', SQLSTATE, 'message', SQLERRM) END;
    END;
    outcomes := outcomes || outcome;
  END LOOP;
  IF told IS NOT NULL THEN
    PERFORM pg_notify('denta_events', told::text);
  END IF;
  RETURN outcomes;
END
$$;
CREATE OR REPLACE FUNCTION denta_append_each(appends json) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  claim json;
  last_position bigint;
  moment timestamptz;
  outcomes jsonb;
  relies boolean;
  sets_passwords boolean;
  some_empty boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(293220537409);
  SELECT bool_or(unchanged IS NOT NULL), bool_or(passwords IS NOT NULL), bool_or(json_array_length(events) = 0)
  INTO relies, sets_passwords, some_empty
  FROM json_to_recordset(appends) AS a(unchanged json, passwords json, events json);
  IF some_empty THEN
    RETURN denta_append(appends);  -- positions tell appends apart below, and one without events has none
  END IF;
  SELECT position, recorded_at INTO last_position, moment FROM events ORDER BY position DESC LIMIT 1;
  last_position := coalesce(last_position, 0);
  moment := greatest(clock_timestamp(), moment);
  BEGIN
    WITH taken AS (
      INSERT INTO commands (command_id, fingerprint, position, answer)
      SELECT a.command_id, a.fingerprint, last_position + sum(json_array_length(a.events)) OVER (ORDER BY a.n), a.answer
      FROM ROWS FROM (json_to_recordset(appends) AS (command_id uuid, fingerprint text, answer json, events json))
        WITH ORDINALITY AS a(command_id, fingerprint, answer, events, n)
      RETURNING position
    )
    SELECT jsonb_agg(jsonb_build_object('position', position) ORDER BY position) INTO outcomes FROM taken;
    IF relies AND EXISTS (
      SELECT FROM ROWS FROM (json_to_recordset(appends) AS (unchanged json)) WITH ORDINALITY AS a(unchanged, n)
        CROSS JOIN LATERAL json_to_recordset(a.unchanged) AS c(id uuid, version integer)
      WHERE c.version <> coalesce((SELECT max(originator_version) FROM events WHERE originator_id = c.id), 0)
        OR c.id IN (
          SELECT e.id FROM ROWS FROM (json_to_recordset(appends) AS (events json)) WITH ORDINALITY AS b(events, n)
            CROSS JOIN LATERAL json_to_recordset(b.events) AS e(id uuid)
          WHERE b.n < a.n  -- what one relies on must not be changed by one before it either
        )
    ) THEN
      PERFORM denta_refuse('unchanged', '{}');
    END IF;
    FOR claim IN
      SELECT c.value FROM json_array_elements(appends) WITH ORDINALITY AS a(value, n)
        CROSS JOIN LATERAL json_array_elements(a.value->'claims') WITH ORDINALITY AS c(value, n)
      ORDER BY a.n, c.n
    LOOP
      CASE claim->>'guard'
              WHEN 'clinic_rules' THEN PERFORM denta_guard_clinic_rules((claim->'claim')::jsonb);
              WHEN 'doctor_time' THEN PERFORM denta_guard_doctor_time((claim->'claim')::jsonb);
              WHEN 'card_number' THEN PERFORM denta_guard_card_number((claim->'claim')::jsonb);
              WHEN 'email' THEN PERFORM denta_guard_email((claim->'claim')::jsonb);
              WHEN 'catalogue_name' THEN PERFORM denta_guard_catalogue_name((claim->'claim')::jsonb);
              WHEN 'internal_number' THEN PERFORM denta_guard_internal_number((claim->'claim')::jsonb);
              WHEN 'rights_set_name' THEN PERFORM denta_guard_rights_set_name((claim->'claim')::jsonb);
      END CASE;
    END LOOP;
    INSERT INTO events (position, originator_id, originator_version, topic, state, metadata, recorded_at)
    SELECT last_position + row_number() OVER (ORDER BY a.n, e.n), e.id, e.version, e.topic, e.state, a.metadata, moment
    FROM ROWS FROM (json_to_recordset(appends) AS (metadata json, events json)) WITH ORDINALITY AS a(metadata, events, n)
      CROSS JOIN LATERAL ROWS FROM (json_to_recordset(a.events) AS (id uuid, version integer, topic text, state json))
        WITH ORDINALITY AS e(id, version, topic, state, n);
    IF sets_passwords THEN
      INSERT INTO credentials (access_id, password_hash)
      SELECT c.id, c.hash FROM json_to_recordset(appends) AS a(passwords json)
        CROSS JOIN LATERAL json_to_recordset(a.passwords) AS c(id uuid, hash text)
      ON CONFLICT (access_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = clock_timestamp();
    END IF;
    PERFORM pg_notify('denta_events', outcomes->-1->>'position');
    RETURN outcomes;
  EXCEPTION
    WHEN transaction_rollback OR insufficient_resources OR operator_intervention OR system_error OR lock_not_available OR object_in_use OR read_only_sql_transaction THEN
      RAISE;
    WHEN OTHERS THEN
    -- something speaks against one of them; which it is, and what, is found one by one
  END;
  RETURN denta_append(appends);
END
$$;
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
  expires_at timestamptz NOT NULL
);
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS device text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS sessions_access ON sessions (access_id);
CREATE TABLE IF NOT EXISTS sign_in_failures (key text NOT NULL, failed_at timestamptz NOT NULL);
ALTER TABLE sign_in_failures ADD COLUMN IF NOT EXISTS attempt uuid;
ALTER TABLE sign_in_failures ADD COLUMN IF NOT EXISTS settled boolean NOT NULL DEFAULT true;
CREATE INDEX IF NOT EXISTS sign_in_failures_key ON sign_in_failures (key, failed_at);
CREATE INDEX IF NOT EXISTS sign_in_failures_attempt ON sign_in_failures (attempt);
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
  problem text NOT NULL DEFAULT ''
);
ALTER TABLE excel_imports ADD COLUMN IF NOT EXISTS ignored text[] NOT NULL DEFAULT '{}';
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
  PRIMARY KEY (import_id, row)
);
ALTER TABLE excel_import_rows ADD COLUMN IF NOT EXISTS by_id boolean NOT NULL DEFAULT false;
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
INSERT INTO guard_shapes (name, digest) VALUES ('clinic_rules', '8ec30413971f09abdd9ec7195d48469f993d66bfd48c0af1f925ed3925781f83'), ('doctor_time', '3e74ca33c4d7b379fa665bae0ee168d96767e548a0c95592dec48b9d23c068b0'), ('card_number', 'c14e6f0fc263f8bf4333877484b9c31982993604cb2dbca2bf265c7450545a68'), ('email', '9e46231d4ba5f789976f284c880039dd5c90831831c2c4d2cd1287894d36f15b'), ('catalogue_name', 'ff82b1daca43c8c303450a4133af35706b8eb76402b546aaf91ac75d33150441'), ('internal_number', '3d9937e7110d9a70a671669866206a92427370aee56bc0170958fa2e472c331e'), ('rights_set_name', '190802f85217aa3b2242df72edfd6fb6b9e754bf1d407aeab0c958335e0f9230');
