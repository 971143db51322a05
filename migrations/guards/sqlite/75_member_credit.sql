-- What is taken off a bill: never more than it is, never less than nothing.
CREATE TRIGGER guard_credit_move_within BEFORE INSERT ON credit_move
BEGIN
  SELECT RAISE(ABORT, 'credit: more is taken off than the bill')
  FROM (
    SELECT coalesce(sum(amount_satang), 0) + NEW.amount_satang AS gone FROM credit_move
    WHERE centre_id = NEW.centre_id AND charge_id = NEW.charge_id) AS moved
  LEFT JOIN credit_charge AS charge
    ON charge.centre_id = NEW.centre_id AND charge.id = NEW.charge_id
  WHERE moved.gone < 0 OR moved.gone > coalesce(charge.amount_satang, 0);
END
--;;
-- A second person gives a bill up.
CREATE TRIGGER guard_credit_write_off_two BEFORE INSERT ON credit_write_off_outcome
WHEN NEW.kind = 'approved' AND NOT EXISTS (
  SELECT 1 FROM credit_write_off
  WHERE centre_id = NEW.centre_id AND id = NEW.write_off_id AND prepared_by IS NOT NULL
    AND NEW.recorded_by IS NOT NULL AND prepared_by <> NEW.recorded_by)
BEGIN
  SELECT RAISE(ABORT, 'credit: a second person approves');
END
--;;
CREATE TRIGGER guard_credit_write_off_move BEFORE INSERT ON credit_move
WHEN NEW.source_type = 'credit_write_off' AND NOT EXISTS (
  SELECT 1 FROM credit_write_off_outcome
  WHERE centre_id = NEW.centre_id AND write_off_id = NEW.source_id AND kind = 'approved')
BEGIN
  SELECT RAISE(ABORT, 'credit: nobody approved this');
END
--;;
-- What is used of a coupon: never more than it is worth, never less than nothing.
CREATE TRIGGER guard_coupon_move_within BEFORE INSERT ON coupon_move
BEGIN
  SELECT RAISE(ABORT, 'coupon: more is used than it is worth')
  FROM (
    SELECT coalesce(sum(amount_satang), 0) + NEW.amount_satang AS gone FROM coupon_move
    WHERE centre_id = NEW.centre_id AND coupon_id = NEW.coupon_id) AS moved
  LEFT JOIN coupon ON coupon.centre_id = NEW.centre_id AND coupon.id = NEW.coupon_id
  LEFT JOIN coupon_issue AS issue
    ON issue.centre_id = coupon.centre_id AND issue.id = coupon.issue_id
  WHERE moved.gone < 0 OR moved.gone > coalesce(issue.amount_satang, 0);
END
