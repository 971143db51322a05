-- What is offered and what is asked for change only while the round collects.
CREATE FUNCTION guard_joint_round_item_collecting() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  line joint_round_item;
BEGIN
  IF TG_OP = 'DELETE' THEN line := OLD; ELSE line := NEW; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM joint_round
    WHERE centre_id = line.centre_id AND id = line.round_id AND state = 'collecting')
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'joint round: it changes only while it collects';
  END IF;
  RETURN line;
END
$$
--;;
CREATE TRIGGER guard_joint_round_item_insert BEFORE INSERT ON joint_round_item
FOR EACH ROW EXECUTE FUNCTION guard_joint_round_item_collecting()
--;;
CREATE TRIGGER guard_joint_round_item_delete BEFORE DELETE ON joint_round_item
FOR EACH ROW EXECUTE FUNCTION guard_joint_round_item_collecting()
--;;
CREATE TRIGGER guard_joint_round_item_update BEFORE UPDATE OR TRUNCATE ON joint_round_item
FOR EACH STATEMENT EXECUTE FUNCTION guard_refuse('joint round: its lines are written anew, not changed')
--;;
CREATE FUNCTION guard_joint_round_order_line_collecting() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  line joint_round_order_line;
BEGIN
  IF TG_OP = 'DELETE' THEN line := OLD; ELSE line := NEW; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM joint_round_order AS asked, joint_round AS round
    WHERE asked.centre_id = line.centre_id AND asked.id = line.order_id
      AND round.centre_id = asked.centre_id AND round.id = asked.round_id
      AND round.state = 'collecting')
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'joint round: it changes only while it collects';
  END IF;
  RETURN line;
END
$$
--;;
CREATE TRIGGER guard_joint_round_order_line_insert BEFORE INSERT ON joint_round_order_line
FOR EACH ROW EXECUTE FUNCTION guard_joint_round_order_line_collecting()
--;;
CREATE TRIGGER guard_joint_round_order_line_delete BEFORE DELETE ON joint_round_order_line
FOR EACH ROW EXECUTE FUNCTION guard_joint_round_order_line_collecting()
--;;
CREATE TRIGGER guard_joint_round_order_line_update
BEFORE UPDATE OR TRUNCATE ON joint_round_order_line
FOR EACH STATEMENT EXECUTE FUNCTION guard_refuse('joint round: its lines are written anew, not changed')
--;;
CREATE FUNCTION guard_joint_round_order_collecting() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  line joint_round_order;
BEGIN
  IF TG_OP = 'DELETE' THEN line := OLD; ELSE line := NEW; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM joint_round
    WHERE centre_id = line.centre_id AND id = line.round_id AND state = 'collecting')
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'joint round: it changes only while it collects';
  END IF;
  RETURN line;
END
$$
--;;
CREATE TRIGGER guard_joint_round_order_collecting BEFORE INSERT OR UPDATE ON joint_round_order
FOR EACH ROW EXECUTE FUNCTION guard_joint_round_order_collecting()
--;;
CREATE TRIGGER guard_joint_round_order_same BEFORE UPDATE ON joint_round_order
FOR EACH ROW WHEN (
  (NEW.centre_id, NEW.id, NEW.round_id, NEW.order_no, NEW.member_id, NEW.producer_id)
    IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.round_id, OLD.order_no, OLD.member_id, OLD.producer_id)
)
EXECUTE FUNCTION guard_refuse('joint round: it changes only while it collects')
--;;
-- A round begins by collecting, goes on by its states, and ends once.
CREATE TRIGGER guard_joint_round_insert BEFORE INSERT ON joint_round
FOR EACH ROW WHEN (NEW.state <> 'collecting')
EXECUTE FUNCTION guard_refuse('joint round: it begins by collecting')
--;;
CREATE TRIGGER guard_joint_round_update BEFORE UPDATE ON joint_round
FOR EACH ROW WHEN (
  OLD.state IN ('shared', 'cancelled')
  OR (NEW.state = 'collecting' AND OLD.state <> 'collecting')
  OR (NEW.state = 'shared' AND OLD.state <> 'ordered')
  OR (NEW.centre_id, NEW.id, NEW.round_no, NEW.recorded_at, NEW.digest)
    IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.round_no, OLD.recorded_at, OLD.digest)
  OR (OLD.state <> 'collecting'
    AND (NEW.producer_id, NEW.purchase_order_id, NEW.margin_basis_points, NEW.closes_on)
      IS DISTINCT FROM (OLD.producer_id, OLD.purchase_order_id, OLD.margin_basis_points, OLD.closes_on))
)
EXECUTE FUNCTION guard_refuse('joint round: it goes on by its states, and ends once')
