-- An intake paid from a drawer belongs to that drawer's open shift.
CREATE TRIGGER guard_goods_receipt_shift BEFORE INSERT ON goods_receipt
WHEN NEW.shift_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id IS NEW.till_id
    AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
-- Taking such an intake back pays into a drawer, whose shift is open as well.
CREATE TRIGGER guard_goods_receipt_cancellation_shift BEFORE INSERT ON goods_receipt_cancellation
WHEN NEW.shift_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
CREATE TRIGGER guard_stock_level_update BEFORE UPDATE ON stock_level
WHEN (NEW.centre_id, NEW.lot_id, NEW.location_id, NEW.product_id)
    IS NOT (OLD.centre_id, OLD.lot_id, OLD.location_id, OLD.product_id)
BEGIN
  SELECT RAISE(ABORT, 'guard: a stock level stays with its lot');
END
--;;
-- Money moves only in an open shift, so a sale in the closing second belongs to exactly one. What
-- comes after its shift was counted says so, and happened within the shift.
CREATE TRIGGER guard_sale_shift BEFORE INSERT ON sale
WHEN NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id IS NEW.till_id
    AND NEW.late IS (closed_at IS NOT NULL)
    AND (closed_at IS NULL OR NEW.occurred_at BETWEEN opened_at AND closed_at))
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
CREATE TRIGGER guard_refund_shift BEFORE INSERT ON refund
WHEN NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id IS NEW.till_id
    AND NEW.late IS (closed_at IS NOT NULL)
    AND (closed_at IS NULL OR NEW.occurred_at BETWEEN opened_at AND closed_at))
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
CREATE TRIGGER guard_cash_movement_shift BEFORE INSERT ON cash_movement
WHEN NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
CREATE TRIGGER guard_cash_count_shift BEFORE INSERT ON cash_count
WHEN NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
-- A shift is born open, changes once, by its close, and never again.
CREATE TRIGGER guard_shift_insert BEFORE INSERT ON shift
WHEN NEW.closed_at IS NOT NULL OR NEW.closed_by IS NOT NULL
  OR NEW.expected_satang IS NOT NULL OR NEW.counted_satang IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'guard: a shift is born open');
END
--;;
-- The index says so too, but INSERT OR REPLACE would delete the open shift in its way.
CREATE TRIGGER guard_shift_one_open BEFORE INSERT ON shift
WHEN NEW.closed_at IS NULL AND EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND till_id = NEW.till_id AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the till has an open shift');
END
--;;
CREATE TRIGGER guard_shift_update BEFORE UPDATE ON shift
WHEN OLD.closed_at IS NOT NULL
  OR NEW.closed_at IS NULL OR NEW.expected_satang IS NULL OR NEW.counted_satang IS NULL
  OR (NEW.centre_id, NEW.id, NEW.shift_no, NEW.till_id,
      NEW.business_date, NEW.opened_at, NEW.opened_by, NEW.float_satang)
    IS NOT (OLD.centre_id, OLD.id, OLD.shift_no, OLD.till_id,
            OLD.business_date, OLD.opened_at, OLD.opened_by, OLD.float_satang)
BEGIN
  SELECT RAISE(ABORT, 'guard: a shift changes once, when it closes');
END
--;;
CREATE TRIGGER guard_shift_counted BEFORE UPDATE ON shift
WHEN OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL AND NEW.counted_satang IS NOT (
  SELECT coalesce(sum(denomination_satang * pieces), 0) FROM cash_count
  WHERE centre_id = NEW.centre_id AND shift_id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'guard: a shift closes with what was counted');
END
