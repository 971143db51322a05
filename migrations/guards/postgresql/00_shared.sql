-- Refuse whatever the trigger stands before, in the words it was given. A statement-level trigger
-- with it meets UPDATE, DELETE and TRUNCATE alike, even when no row would be touched.
CREATE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = TG_ARGV[0];
END
$$
