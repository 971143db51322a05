-- A shift is closed once; while it is open only the columns of its close may be filled.
CREATE FUNCTION guard_shift_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
     OR (NEW.centre_id, NEW.id, NEW.shift_no, NEW.till_id, NEW.business_date, NEW.opened_at,
         NEW.opened_by, NEW.float_satang)
        IS DISTINCT FROM
        (OLD.centre_id, OLD.id, OLD.shift_no, OLD.till_id, OLD.business_date, OLD.opened_at,
         OLD.opened_by, OLD.float_satang) THEN
    RAISE EXCEPTION 'guard: a shift changes only by its close' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_shift_closed BEFORE UPDATE ON shift
  FOR EACH ROW EXECUTE FUNCTION guard_shift_closed()
--;;
CREATE FUNCTION guard_shift_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT closed_at FROM shift
      WHERE centre_id = NEW.centre_id AND id = NEW.shift_id) IS NOT NULL THEN
    RAISE EXCEPTION 'guard: the shift is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_sale_shift_open BEFORE INSERT ON sale
  FOR EACH ROW EXECUTE FUNCTION guard_shift_open()
--;;
CREATE TRIGGER guard_refund_shift_open BEFORE INSERT ON refund
  FOR EACH ROW EXECUTE FUNCTION guard_shift_open()
--;;
CREATE TRIGGER guard_cash_movement_shift_open BEFORE INSERT ON cash_movement
  FOR EACH ROW EXECUTE FUNCTION guard_shift_open()
--;;
CREATE FUNCTION guard_stock_level_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.centre_id, NEW.lot_id, NEW.location_id, NEW.product_id)
     IS DISTINCT FROM (OLD.centre_id, OLD.lot_id, OLD.location_id, OLD.product_id) THEN
    RAISE EXCEPTION 'guard: a stock level stays with its lot and location'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;;
CREATE TRIGGER guard_stock_level_place BEFORE UPDATE ON stock_level
  FOR EACH ROW EXECUTE FUNCTION guard_stock_level_place()
