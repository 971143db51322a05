-- A shift is closed once; while it is open only the columns of its close may be filled.
CREATE TRIGGER guard_shift_closed BEFORE UPDATE ON shift
WHEN OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
  OR NEW.centre_id <> OLD.centre_id OR NEW.id <> OLD.id OR NEW.shift_no <> OLD.shift_no
  OR NEW.till_id <> OLD.till_id OR NEW.business_date <> OLD.business_date
  OR NEW.opened_at <> OLD.opened_at OR NEW.opened_by IS NOT OLD.opened_by
  OR NEW.float_satang <> OLD.float_satang
BEGIN
  SELECT RAISE(ABORT, 'guard: a shift changes only by its close');
END
--;;
CREATE TRIGGER guard_sale_shift_open BEFORE INSERT ON sale
WHEN (SELECT closed_at FROM shift WHERE centre_id = NEW.centre_id AND id = NEW.shift_id) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is closed');
END
--;;
CREATE TRIGGER guard_refund_shift_open BEFORE INSERT ON refund
WHEN (SELECT closed_at FROM shift WHERE centre_id = NEW.centre_id AND id = NEW.shift_id) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is closed');
END
--;;
CREATE TRIGGER guard_cash_movement_shift_open BEFORE INSERT ON cash_movement
WHEN (SELECT closed_at FROM shift WHERE centre_id = NEW.centre_id AND id = NEW.shift_id) IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is closed');
END
--;;
CREATE TRIGGER guard_stock_level_place BEFORE UPDATE ON stock_level
WHEN NEW.centre_id <> OLD.centre_id OR NEW.lot_id <> OLD.lot_id
  OR NEW.location_id <> OLD.location_id OR NEW.product_id <> OLD.product_id
BEGIN
  SELECT RAISE(ABORT, 'guard: a stock level stays with its lot and location');
END
