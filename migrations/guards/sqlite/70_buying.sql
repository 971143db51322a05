-- What a supplier was sent stays as it was sent: only a draft's lines change.
CREATE TRIGGER guard_purchase_order_line_insert BEFORE INSERT ON purchase_order_line
WHEN EXISTS (
  SELECT 1 FROM purchase_order_line
  WHERE centre_id = NEW.centre_id AND order_id = NEW.order_id AND line_no = NEW.line_no)
  OR NOT EXISTS (
  SELECT 1 FROM purchase_order
  WHERE centre_id = NEW.centre_id AND id = NEW.order_id AND state = 'draft')
BEGIN
  SELECT RAISE(ABORT, 'buying: only a draft''s lines change');
END
--;;
CREATE TRIGGER guard_purchase_order_line_update BEFORE UPDATE ON purchase_order_line
BEGIN
  SELECT RAISE(ABORT, 'buying: lines of an order are written anew, not changed');
END
--;;
CREATE TRIGGER guard_purchase_order_line_delete BEFORE DELETE ON purchase_order_line
WHEN NOT EXISTS (
  SELECT 1 FROM purchase_order
  WHERE centre_id = OLD.centre_id AND id = OLD.order_id AND state = 'draft')
BEGIN
  SELECT RAISE(ABORT, 'buying: only a draft''s lines change');
END
--;;
-- An order begins as a draft, goes on by its states, and ends once.
CREATE TRIGGER guard_purchase_order_insert BEFORE INSERT ON purchase_order
WHEN NEW.state <> 'draft'
BEGIN
  SELECT RAISE(ABORT, 'buying: an order begins as a draft');
END
--;;
CREATE TRIGGER guard_purchase_order_update BEFORE UPDATE ON purchase_order
WHEN OLD.state IN ('closed', 'cancelled')
  OR (NEW.state = 'draft' AND OLD.state <> 'draft')
  OR (NEW.state = 'cancelled' AND OLD.state NOT IN ('draft', 'sent'))
  OR (NEW.state IN ('partly', 'received', 'closed') AND OLD.state = 'draft')
  OR (NEW.centre_id, NEW.id, NEW.order_no, NEW.recorded_at, NEW.digest)
    IS NOT (OLD.centre_id, OLD.id, OLD.order_no, OLD.recorded_at, OLD.digest)
  OR (OLD.state <> 'draft'
    AND (NEW.producer_id, NEW.prices, NEW.terms_days, NEW.amount_satang)
      IS NOT (OLD.producer_id, OLD.prices, OLD.terms_days, OLD.amount_satang))
BEGIN
  SELECT RAISE(ABORT, 'buying: an order that was sent stays as it was sent');
END
--;;
-- Goods come on an order only while they are expected.
CREATE TRIGGER guard_goods_receipt_order BEFORE INSERT ON goods_receipt
WHEN NEW.order_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM purchase_order
  WHERE centre_id = NEW.centre_id AND id = NEW.order_id AND producer_id = NEW.producer_id
    AND state IN ('sent', 'partly', 'received'))
BEGIN
  SELECT RAISE(ABORT, 'buying: nothing is expected on this order');
END
--;;
-- Money of a return comes into a drawer only in its open shift.
CREATE TRIGGER guard_supplier_return_shift BEFORE INSERT ON supplier_return
WHEN NEW.shift_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM shift
  WHERE centre_id = NEW.centre_id AND id = NEW.shift_id AND till_id IS NEW.till_id
    AND closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'guard: the shift is not open');
END
--;;
-- No more of a lot goes back than came.
CREATE TRIGGER guard_supplier_return_line_within BEFORE INSERT ON supplier_return_line
WHEN NEW.quantity_milli + (
    SELECT coalesce(sum(quantity_milli), 0) FROM supplier_return_line
    WHERE centre_id = NEW.centre_id AND lot_id = NEW.lot_id)
  > coalesce((
    SELECT quantity_milli FROM lot
    WHERE centre_id = NEW.centre_id AND id = NEW.lot_id AND ownership = 'own'), 0)
BEGIN
  SELECT RAISE(ABORT, 'buying: more goes back than came');
END
--;;
-- A purchase is never paid beyond what it was, nor a credit used beyond what it is.
CREATE TRIGGER guard_payout_line_bought BEFORE INSERT ON payout_line
WHEN NEW.kind = 'outright' AND NEW.amount_satang + (
    SELECT coalesce(sum(amount_satang), 0) FROM payout_line
    WHERE centre_id = NEW.centre_id AND kind = NEW.kind AND document_id = NEW.document_id)
  > coalesce((
    SELECT cost_satang + tax_satang FROM goods_receipt
    WHERE centre_id = NEW.centre_id AND id = NEW.document_id AND paid = 'payable'), 0)
BEGIN
  SELECT RAISE(ABORT, 'buying: more is paid than was bought');
END
--;;
CREATE TRIGGER guard_payout_line_credit BEFORE INSERT ON payout_line
WHEN NEW.kind = 'credit' AND -NEW.amount_satang - (
    SELECT coalesce(sum(amount_satang), 0) FROM payout_line
    WHERE centre_id = NEW.centre_id AND kind = NEW.kind AND document_id = NEW.document_id)
  > coalesce((
    SELECT amount_satang FROM supplier_return
    WHERE centre_id = NEW.centre_id AND id = NEW.document_id AND settled = 'credit'), 0)
BEGIN
  SELECT RAISE(ABORT, 'buying: more credit is used than there is');
END
