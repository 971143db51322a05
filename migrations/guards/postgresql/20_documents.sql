CREATE TRIGGER guard_stock_level_update BEFORE UPDATE ON stock_level
FOR EACH ROW WHEN (
  (NEW.centre_id, NEW.lot_id, NEW.location_id, NEW.product_id)
    IS DISTINCT FROM (OLD.centre_id, OLD.lot_id, OLD.location_id, OLD.product_id)
)
EXECUTE FUNCTION guard_refuse('guard: a stock level stays with its lot')
--;;
-- Money moves only in an open shift, so a sale in the closing second belongs to exactly one. The
-- row is locked so that a close, which takes the stronger lock (below), comes after or is seen.
CREATE FUNCTION guard_shift_open() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND closed_at IS NULL
  FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'guard: the shift is not open';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE FUNCTION guard_shift_open_on_till() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id = NEW.till_id
    AND closed_at IS NULL
  FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'guard: the shift is not open';
  END IF;
  RETURN NEW;
END
$$
--;;
-- A sale or refund that comes after its shift was counted says so, and happened within the shift.
CREATE FUNCTION guard_shift_of_its_time() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id = NEW.till_id
    AND NEW.late = (closed_at IS NOT NULL)
    AND (closed_at IS NULL OR NEW.occurred_at BETWEEN opened_at AND closed_at)
  FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'guard: the shift is not open';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_sale_shift BEFORE INSERT ON sale
FOR EACH ROW EXECUTE FUNCTION guard_shift_of_its_time()
--;;
CREATE TRIGGER guard_refund_shift BEFORE INSERT ON refund
FOR EACH ROW EXECUTE FUNCTION guard_shift_of_its_time()
--;;
CREATE TRIGGER guard_goods_receipt_shift BEFORE INSERT ON goods_receipt
FOR EACH ROW WHEN (NEW.shift_id IS NOT NULL) EXECUTE FUNCTION guard_shift_open_on_till()
--;;
CREATE TRIGGER guard_goods_receipt_cancellation_shift BEFORE INSERT ON goods_receipt_cancellation
FOR EACH ROW WHEN (NEW.shift_id IS NOT NULL) EXECUTE FUNCTION guard_shift_open()
--;;
CREATE TRIGGER guard_cash_movement_shift BEFORE INSERT ON cash_movement
FOR EACH ROW EXECUTE FUNCTION guard_shift_open()
--;;
CREATE TRIGGER guard_cash_count_shift BEFORE INSERT ON cash_count
FOR EACH ROW EXECUTE FUNCTION guard_shift_open()
--;;
-- A shift is born open, changes once, by its close, and never again.
CREATE TRIGGER guard_shift_insert BEFORE INSERT ON shift
FOR EACH ROW WHEN (
  NEW.closed_at IS NOT NULL OR NEW.closed_by IS NOT NULL
  OR NEW.expected_satang IS NOT NULL OR NEW.counted_satang IS NOT NULL
)
EXECUTE FUNCTION guard_refuse('guard: a shift is born open')
--;;
CREATE TRIGGER guard_shift_update BEFORE UPDATE ON shift
FOR EACH ROW WHEN (
  OLD.closed_at IS NOT NULL
  OR NEW.closed_at IS NULL OR NEW.expected_satang IS NULL OR NEW.counted_satang IS NULL
  OR (NEW.centre_id, NEW.id, NEW.shift_no, NEW.till_id,
      NEW.business_date, NEW.opened_at, NEW.opened_by, NEW.float_satang)
    IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.shift_no, OLD.till_id,
                      OLD.business_date, OLD.opened_at, OLD.opened_by, OLD.float_satang)
)
EXECUTE FUNCTION guard_refuse('guard: a shift changes once, when it closes')
--;;
-- The close first waits for every document under way in the shift (see guard_shift_open).
CREATE FUNCTION guard_shift_close() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM 1 FROM shift WHERE centre_id = OLD.centre_id AND id = OLD.id FOR UPDATE;
  IF NEW.counted_satang IS DISTINCT FROM (
    SELECT coalesce(sum(denomination_satang * pieces), 0) FROM cash_count
    WHERE centre_id = NEW.centre_id AND shift_id = NEW.id
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'guard: a shift closes with what was counted';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_shift_wait BEFORE UPDATE ON shift
FOR EACH ROW EXECUTE FUNCTION guard_shift_close()
