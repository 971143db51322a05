-- What is taken off a bill: never more than it is, never less than nothing. Moves of one bill wait
-- for each other.
CREATE FUNCTION guard_credit_move_within() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  gone bigint;
  most bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('credit_charge:' || NEW.charge_id::text, 0));
  SELECT coalesce(sum(amount_satang), 0) + NEW.amount_satang INTO gone FROM credit_move
  WHERE centre_id = NEW.centre_id AND charge_id = NEW.charge_id;
  SELECT amount_satang INTO most FROM credit_charge
  WHERE centre_id = NEW.centre_id AND id = NEW.charge_id;
  IF gone < 0 OR gone > coalesce(most, 0) THEN
    RAISE EXCEPTION 'credit: more is taken off than the bill' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_credit_move_within BEFORE INSERT ON credit_move
FOR EACH ROW EXECUTE FUNCTION guard_credit_move_within()
--;;
-- A second person gives a bill up.
CREATE FUNCTION guard_credit_write_off_two() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.kind = 'approved' AND NOT EXISTS (
    SELECT 1 FROM credit_write_off
    WHERE centre_id = NEW.centre_id AND id = NEW.write_off_id AND prepared_by IS NOT NULL
      AND NEW.recorded_by IS NOT NULL AND prepared_by <> NEW.recorded_by)
  THEN
    RAISE EXCEPTION 'credit: a second person approves' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_credit_write_off_two BEFORE INSERT ON credit_write_off_outcome
FOR EACH ROW EXECUTE FUNCTION guard_credit_write_off_two()
--;;
CREATE FUNCTION guard_credit_write_off_move() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.source_type = 'credit_write_off' AND NOT EXISTS (
    SELECT 1 FROM credit_write_off_outcome
    WHERE centre_id = NEW.centre_id AND write_off_id = NEW.source_id AND kind = 'approved')
  THEN
    RAISE EXCEPTION 'credit: nobody approved this' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_credit_write_off_move BEFORE INSERT ON credit_move
FOR EACH ROW EXECUTE FUNCTION guard_credit_write_off_move()
--;;
-- What is used of a coupon: never more than it is worth, never less than nothing.
CREATE FUNCTION guard_coupon_move_within() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  gone bigint;
  most bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('coupon:' || NEW.coupon_id::text, 0));
  SELECT coalesce(sum(amount_satang), 0) + NEW.amount_satang INTO gone FROM coupon_move
  WHERE centre_id = NEW.centre_id AND coupon_id = NEW.coupon_id;
  SELECT issue.amount_satang INTO most FROM coupon
  JOIN coupon_issue AS issue ON issue.centre_id = coupon.centre_id AND issue.id = coupon.issue_id
  WHERE coupon.centre_id = NEW.centre_id AND coupon.id = NEW.coupon_id;
  IF gone < 0 OR gone > coalesce(most, 0) THEN
    RAISE EXCEPTION 'coupon: more is used than it is worth' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_coupon_move_within BEFORE INSERT ON coupon_move
FOR EACH ROW EXECUTE FUNCTION guard_coupon_move_within()
