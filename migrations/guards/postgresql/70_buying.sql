-- What a supplier was sent stays as it was sent: only a draft's lines change.
CREATE FUNCTION guard_purchase_order_line_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  line purchase_order_line;
BEGIN
  IF TG_OP = 'DELETE' THEN line := OLD; ELSE line := NEW; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM purchase_order
    WHERE centre_id = line.centre_id AND id = line.order_id AND state = 'draft')
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'buying: only a draft''s lines change';
  END IF;
  RETURN line;
END
$$
--;;
CREATE TRIGGER guard_purchase_order_line_insert BEFORE INSERT ON purchase_order_line
FOR EACH ROW EXECUTE FUNCTION guard_purchase_order_line_draft()
--;;
CREATE TRIGGER guard_purchase_order_line_delete BEFORE DELETE ON purchase_order_line
FOR EACH ROW EXECUTE FUNCTION guard_purchase_order_line_draft()
--;;
CREATE TRIGGER guard_purchase_order_line_update BEFORE UPDATE OR TRUNCATE ON purchase_order_line
FOR EACH STATEMENT
EXECUTE FUNCTION guard_refuse('buying: lines of an order are written anew, not changed')
--;;
-- An order begins as a draft, goes on by its states, and ends once.
CREATE TRIGGER guard_purchase_order_insert BEFORE INSERT ON purchase_order
FOR EACH ROW WHEN (NEW.state <> 'draft')
EXECUTE FUNCTION guard_refuse('buying: an order begins as a draft')
--;;
CREATE TRIGGER guard_purchase_order_update BEFORE UPDATE ON purchase_order
FOR EACH ROW WHEN (
  OLD.state IN ('closed', 'cancelled')
  OR (NEW.state = 'draft' AND OLD.state <> 'draft')
  OR (NEW.state = 'cancelled' AND OLD.state NOT IN ('draft', 'sent'))
  OR (NEW.state IN ('partly', 'received', 'closed') AND OLD.state = 'draft')
  OR (NEW.centre_id, NEW.id, NEW.order_no, NEW.recorded_at, NEW.digest)
    IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.order_no, OLD.recorded_at, OLD.digest)
  OR (OLD.state <> 'draft'
    AND (NEW.producer_id, NEW.prices, NEW.terms_days, NEW.amount_satang)
      IS DISTINCT FROM (OLD.producer_id, OLD.prices, OLD.terms_days, OLD.amount_satang))
)
EXECUTE FUNCTION guard_refuse('buying: an order that was sent stays as it was sent')
--;;
-- Goods come on an order only while they are expected.
CREATE FUNCTION guard_goods_receipt_order() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM purchase_order
    WHERE centre_id = NEW.centre_id AND id = NEW.order_id AND producer_id = NEW.producer_id
      AND state IN ('sent', 'partly', 'received'))
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'buying: nothing is expected on this order';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_goods_receipt_order BEFORE INSERT ON goods_receipt
FOR EACH ROW WHEN (NEW.order_id IS NOT NULL) EXECUTE FUNCTION guard_goods_receipt_order()
--;;
-- Money of a return comes into a drawer only in its open shift.
CREATE TRIGGER guard_supplier_return_shift BEFORE INSERT ON supplier_return
FOR EACH ROW WHEN (NEW.shift_id IS NOT NULL) EXECUTE FUNCTION guard_shift_open_on_till()
--;;
-- No more of a lot goes back than came.
CREATE FUNCTION guard_supplier_return_line_within() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.quantity_milli + (
      SELECT coalesce(sum(quantity_milli), 0) FROM supplier_return_line
      WHERE centre_id = NEW.centre_id AND lot_id = NEW.lot_id)
    > coalesce((
      SELECT quantity_milli FROM lot
      WHERE centre_id = NEW.centre_id AND id = NEW.lot_id AND ownership = 'own'), 0)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'buying: more goes back than came';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_supplier_return_line_within BEFORE INSERT ON supplier_return_line
FOR EACH ROW EXECUTE FUNCTION guard_supplier_return_line_within()
--;;
-- A purchase is never paid beyond what it was, nor a credit used beyond what it is.
CREATE FUNCTION guard_payout_line_bought() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.amount_satang + (
      SELECT coalesce(sum(amount_satang), 0) FROM payout_line
      WHERE centre_id = NEW.centre_id AND kind = NEW.kind AND document_id = NEW.document_id)
    > coalesce((
      SELECT cost_satang + tax_satang FROM goods_receipt
      WHERE centre_id = NEW.centre_id AND id = NEW.document_id AND paid = 'payable'), 0)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'buying: more is paid than was bought';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_payout_line_bought BEFORE INSERT ON payout_line
FOR EACH ROW WHEN (NEW.kind = 'outright') EXECUTE FUNCTION guard_payout_line_bought()
--;;
CREATE FUNCTION guard_payout_line_credit() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF -NEW.amount_satang - (
      SELECT coalesce(sum(amount_satang), 0) FROM payout_line
      WHERE centre_id = NEW.centre_id AND kind = NEW.kind AND document_id = NEW.document_id)
    > coalesce((
      SELECT amount_satang FROM supplier_return
      WHERE centre_id = NEW.centre_id AND id = NEW.document_id AND settled = 'credit'), 0)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'buying: more credit is used than there is';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_payout_line_credit BEFORE INSERT ON payout_line
FOR EACH ROW WHEN (NEW.kind = 'credit') EXECUTE FUNCTION guard_payout_line_credit()
