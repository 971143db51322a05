-- What happened to a membership or a producer is withdrawn once, with a reason, and never rewritten.
CREATE TRIGGER guard_standing_fact_update BEFORE UPDATE ON standing_fact
BEGIN
  SELECT RAISE(ABORT, 'standing: a fact is withdrawn once and never rewritten')
  WHERE OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
    OR (NEW.centre_id, NEW.id, NEW.member_id, NEW.producer_id, NEW.kind, NEW.on_date, NEW.reason,
        NEW.recorded_by, NEW.recorded_at)
      IS NOT (OLD.centre_id, OLD.id, OLD.member_id, OLD.producer_id, OLD.kind, OLD.on_date,
              OLD.reason, OLD.recorded_by, OLD.recorded_at);
END
--;;
CREATE TRIGGER guard_standing_fact_new BEFORE INSERT ON standing_fact
WHEN NEW.withdrawn_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'standing: a new fact is not withdrawn');
END
--;;
-- Rows are known by their ids elsewhere.
CREATE TRIGGER guard_member_update BEFORE UPDATE ON member
BEGIN
  SELECT RAISE(ABORT, 'member: whose it is never changes')
  WHERE (NEW.centre_id, NEW.id) IS NOT (OLD.centre_id, OLD.id);

  -- UPDATE OR REPLACE would delete the member in its way.
  SELECT RAISE(ABORT, 'member: another has this number or person')
  WHERE EXISTS (
    SELECT 1 FROM member AS other
    WHERE other.centre_id = NEW.centre_id AND other.id IS NOT OLD.id
      AND (other.member_no = NEW.member_no OR other.person_id = NEW.person_id));
END
--;;
CREATE TRIGGER guard_person_update BEFORE UPDATE ON person
BEGIN
  SELECT RAISE(ABORT, 'person: whose it is never changes')
  WHERE (NEW.centre_id, NEW.id) IS NOT (OLD.centre_id, OLD.id);

  SELECT RAISE(ABORT, 'person: who was erased stays so')
  WHERE OLD.erased_at IS NOT NULL AND NEW.erased_at IS NOT OLD.erased_at;

  -- UPDATE OR REPLACE would delete the person in its way.
  SELECT RAISE(ABORT, 'person: another has this national id')
  WHERE NEW.national_id_hash IS NOT OLD.national_id_hash AND EXISTS (
    SELECT 1 FROM person AS other
    WHERE other.centre_id = NEW.centre_id AND other.national_id_hash = NEW.national_id_hash);
END
--;;
CREATE TRIGGER guard_household_update BEFORE UPDATE ON household
BEGIN
  SELECT RAISE(ABORT, 'household: where it is never changes');
END
--;;
CREATE TRIGGER guard_group_member_update BEFORE UPDATE ON group_member
WHEN (NEW.centre_id, NEW.id, NEW.producer_id, NEW.person_id, NEW.joined_on)
  IS NOT (OLD.centre_id, OLD.id, OLD.producer_id, OLD.person_id, OLD.joined_on)
BEGIN
  SELECT RAISE(ABORT, 'group: who belonged to it from when never changes');
END
--;;
CREATE TRIGGER guard_producer_update BEFORE UPDATE ON producer
BEGIN
  SELECT RAISE(ABORT, 'producer: whose it is never changes')
  WHERE (NEW.centre_id, NEW.id) IS NOT (OLD.centre_id, OLD.id);

  -- UPDATE OR REPLACE would delete the producer in its way.
  SELECT RAISE(ABORT, 'producer: another has this number')
  WHERE EXISTS (
    SELECT 1 FROM producer AS other
    WHERE other.centre_id = NEW.centre_id AND other.id IS NOT OLD.id
      AND other.producer_no = NEW.producer_no);
END
--;;
-- The one tick of a producer says what the last fact says; services write the fact first.
CREATE TRIGGER guard_producer_active BEFORE UPDATE ON producer
WHEN NEW.active IS NOT OLD.active
BEGIN
  SELECT RAISE(ABORT, 'producer: whether it delivers follows from what happened')
  WHERE NEW.active IS NOT coalesce((
    SELECT fact.kind IN ('joined', 'reinstated') FROM standing_fact AS fact
    WHERE fact.centre_id = NEW.centre_id AND fact.producer_id = NEW.id
      AND fact.withdrawn_at IS NULL
    ORDER BY fact.on_date DESC,
      CASE fact.kind WHEN 'joined' THEN 1 WHEN 'suspended' THEN 2 WHEN 'reinstated' THEN 3
        ELSE 4 END DESC
    LIMIT 1), OLD.active);
END
