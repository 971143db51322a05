-- Money to and from producers moves through a drawer only in that drawer's open shift.
CREATE TRIGGER guard_payout_shift BEFORE INSERT ON payout
FOR EACH ROW WHEN (NEW.shift_id IS NOT NULL) EXECUTE FUNCTION guard_shift_open_on_till()
--;;
CREATE TRIGGER guard_advance_shift BEFORE INSERT ON advance
FOR EACH ROW WHEN (NEW.shift_id IS NOT NULL) EXECUTE FUNCTION guard_shift_open_on_till()
--;;
CREATE TRIGGER guard_advance_repayment_shift BEFORE INSERT ON advance_repayment
FOR EACH ROW WHEN (NEW.shift_id IS NOT NULL) EXECUTE FUNCTION guard_shift_open_on_till()
--;;
-- What waits at the bank is paid or fails once; who is paid, and how much, never changes.
CREATE TRIGGER guard_payout_batch_line_update BEFORE UPDATE ON payout_batch_line
FOR EACH ROW WHEN (
  OLD.state <> 'waiting' OR NEW.state = 'waiting'
  OR (NEW.centre_id, NEW.batch_id, NEW.line_no, NEW.producer_id, NEW.amount_satang,
      NEW.account, NEW.account_name, NEW.pays::text)
    IS DISTINCT FROM (OLD.centre_id, OLD.batch_id, OLD.line_no, OLD.producer_id, OLD.amount_satang,
                      OLD.account, OLD.account_name, OLD.pays::text)
)
EXECUTE FUNCTION guard_refuse('guard: a batch line changes once, by its result')
