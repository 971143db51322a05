-- Money to and from producers moves through a drawer only in that drawer's open shift.
CREATE TRIGGER guard_payout_shift BEFORE INSERT ON payout
WHEN NEW.shift_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id IS NEW.till_id
    AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
CREATE TRIGGER guard_advance_shift BEFORE INSERT ON advance
WHEN NEW.shift_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id IS NEW.till_id
    AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
CREATE TRIGGER guard_advance_repayment_shift BEFORE INSERT ON advance_repayment
WHEN NEW.shift_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id IS NEW.till_id
    AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
-- What waits at the bank is paid or fails once; who is paid, and how much, never changes.
CREATE TRIGGER guard_payout_batch_line_update BEFORE UPDATE ON payout_batch_line
WHEN OLD.state <> 'waiting' OR NEW.state = 'waiting' OR NEW.rowid IS NOT OLD.rowid
  OR (NEW.centre_id, NEW.batch_id, NEW.line_no, NEW.producer_id, NEW.amount_satang,
      NEW.account, NEW.account_name, NEW.pays)
    IS NOT (OLD.centre_id, OLD.batch_id, OLD.line_no, OLD.producer_id, OLD.amount_satang,
            OLD.account, OLD.account_name, OLD.pays)
BEGIN
  SELECT RAISE(ABORT, 'guard: a batch line changes once, by its result');
END
