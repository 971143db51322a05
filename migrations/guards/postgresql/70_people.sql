-- What happened to a membership or a producer is withdrawn once, with a reason, and never rewritten.
CREATE FUNCTION guard_standing_fact_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
    OR (NEW.centre_id, NEW.id, NEW.member_id, NEW.producer_id, NEW.kind, NEW.on_date, NEW.reason,
        NEW.recorded_by, NEW.recorded_at)
      IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.member_id, OLD.producer_id, OLD.kind,
                        OLD.on_date, OLD.reason, OLD.recorded_by, OLD.recorded_at) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'standing: a fact is withdrawn once and never rewritten';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_standing_fact_update BEFORE UPDATE ON standing_fact
FOR EACH ROW EXECUTE FUNCTION guard_standing_fact_update()
--;;
CREATE FUNCTION guard_standing_fact_new() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation',
    MESSAGE = 'standing: a new fact is not withdrawn';
END
$$
--;;
CREATE TRIGGER guard_standing_fact_new BEFORE INSERT ON standing_fact
FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL) EXECUTE FUNCTION guard_standing_fact_new()
--;;
-- Rows are known by their ids elsewhere.
CREATE FUNCTION guard_member_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation',
    MESSAGE = 'member: whose it is never changes';
END
$$
--;;
CREATE TRIGGER guard_member_update BEFORE UPDATE ON member
FOR EACH ROW WHEN ((NEW.centre_id, NEW.id) IS DISTINCT FROM (OLD.centre_id, OLD.id))
EXECUTE FUNCTION guard_member_update()
--;;
CREATE FUNCTION guard_person_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  refusal text;
BEGIN
  IF (NEW.centre_id, NEW.id) IS DISTINCT FROM (OLD.centre_id, OLD.id) THEN
    refusal := 'person: whose it is never changes';
  ELSIF OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at THEN
    refusal := 'person: who was erased stays so';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_person_update BEFORE UPDATE ON person
FOR EACH ROW EXECUTE FUNCTION guard_person_update()
--;;
CREATE FUNCTION guard_household_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation',
    MESSAGE = 'household: where it is never changes';
END
$$
--;;
CREATE TRIGGER guard_household_update BEFORE UPDATE ON household
FOR EACH ROW EXECUTE FUNCTION guard_household_update()
--;;
CREATE FUNCTION guard_group_member_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation',
    MESSAGE = 'group: who belonged to it from when never changes';
END
$$
--;;
CREATE TRIGGER guard_group_member_update BEFORE UPDATE ON group_member
FOR EACH ROW WHEN (
  (NEW.centre_id, NEW.id, NEW.producer_id, NEW.person_id, NEW.joined_on)
  IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.producer_id, OLD.person_id, OLD.joined_on))
EXECUTE FUNCTION guard_group_member_update()
--;;
CREATE FUNCTION guard_producer_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation',
    MESSAGE = 'producer: whose it is never changes';
END
$$
--;;
CREATE TRIGGER guard_producer_update BEFORE UPDATE ON producer
FOR EACH ROW WHEN ((NEW.centre_id, NEW.id) IS DISTINCT FROM (OLD.centre_id, OLD.id))
EXECUTE FUNCTION guard_producer_update()
--;;
-- The one tick of a producer says what the last fact says; services write the fact first.
CREATE FUNCTION guard_producer_active() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.active IS DISTINCT FROM coalesce((
    SELECT fact.kind IN ('joined', 'reinstated') FROM standing_fact AS fact
    WHERE fact.centre_id = NEW.centre_id AND fact.producer_id = NEW.id
      AND fact.withdrawn_at IS NULL
    ORDER BY fact.on_date DESC,
      CASE fact.kind WHEN 'joined' THEN 1 WHEN 'suspended' THEN 2 WHEN 'reinstated' THEN 3
        ELSE 4 END DESC
    LIMIT 1), OLD.active) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'producer: whether it delivers follows from what happened';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_producer_active BEFORE UPDATE ON producer
FOR EACH ROW WHEN (NEW.active IS DISTINCT FROM OLD.active)
EXECUTE FUNCTION guard_producer_active()
