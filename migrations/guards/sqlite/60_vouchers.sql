-- A voucher begins as a draft and is decided once.
CREATE TRIGGER guard_voucher_new BEFORE INSERT ON voucher
WHEN NEW.state IS NOT 'draft'
BEGIN
  SELECT RAISE(ABORT, 'voucher: a new voucher is a draft');
END
--;;
CREATE TRIGGER guard_voucher_update BEFORE UPDATE ON voucher
BEGIN
  SELECT RAISE(ABORT, 'voucher: what was decided never changes')
  WHERE OLD.state NOT IN ('draft', 'waiting');

  SELECT RAISE(ABORT, 'voucher: what it was made for never changes')
  WHERE (NEW.centre_id, NEW.id, NEW.kind, NEW.reverses_id, NEW.corrects_id, NEW.template_id,
         NEW.due_on)
    IS NOT (OLD.centre_id, OLD.id, OLD.kind, OLD.reverses_id, OLD.corrects_id, OLD.template_id,
            OLD.due_on);

  SELECT RAISE(ABORT, 'voucher: what waits for approval does not change')
  WHERE OLD.state = 'waiting'
    AND (NEW.digest, NEW.content, NEW.total_satang, NEW.business_date, NEW.reverse_on,
         NEW.prepared_by)
      IS NOT (OLD.digest, OLD.content, OLD.total_satang, OLD.business_date, OLD.reverse_on,
              OLD.prepared_by);

  SELECT RAISE(ABORT, 'voucher: it is posted by its entry')
  WHERE NEW.state = 'posted' AND NOT EXISTS (
    SELECT 1 FROM journal_entry
    WHERE centre_id = NEW.centre_id AND source_type = 'voucher' AND source_id = NEW.id
      AND kind = 'voucher_' || NEW.kind AND debit_total = NEW.total_satang
      AND business_date = NEW.business_date);

  -- UPDATE OR REPLACE would delete the voucher in its way.
  SELECT RAISE(ABORT, 'voucher: this number was given')
  WHERE EXISTS (
    SELECT 1 FROM voucher AS other
    WHERE other.centre_id = NEW.centre_id AND other.id IS NOT OLD.id
      AND other.voucher_no = NEW.voucher_no);
END
--;;
-- The entry of a voucher: of the same sum and day, and above the limit (500000 satang until the
-- centre sets its own) posted by somebody else than who prepared it.
CREATE TRIGGER guard_voucher_entry BEFORE INSERT ON journal_entry
WHEN NEW.source_type = 'voucher' AND NEW.kind IS NOT 'accrual_reversal'
BEGIN
  SELECT RAISE(ABORT, 'voucher: an entry is that of its voucher')
  WHERE NOT EXISTS (
    SELECT 1 FROM voucher
    WHERE centre_id = NEW.centre_id AND id = NEW.source_id
      AND state IN ('draft', 'waiting') AND 'voucher_' || kind = NEW.kind
      AND total_satang = NEW.debit_total AND business_date = NEW.business_date
      AND reverses_id IS NEW.reverses_id);

  SELECT RAISE(ABORT, 'voucher: above the limit a second person approves')
  WHERE NEW.debit_total > coalesce((
      SELECT approval_limit_satang FROM book_settings WHERE centre_id = NEW.centre_id), 500000)
    AND NOT EXISTS (
      SELECT 1 FROM voucher
      WHERE centre_id = NEW.centre_id AND id = NEW.source_id AND state = 'waiting'
        AND prepared_by IS NOT NULL AND NEW.posted_by IS NOT NULL
        AND prepared_by <> NEW.posted_by);
END
--;;
-- An accrual goes back by itself, on the day its posted voucher says and not before.
CREATE TRIGGER guard_voucher_accrual BEFORE INSERT ON journal_entry
WHEN NEW.source_type = 'voucher' AND NEW.kind = 'accrual_reversal'
BEGIN
  SELECT RAISE(ABORT, 'voucher: an accrual goes back on its day')
  WHERE NOT EXISTS (
    SELECT 1 FROM voucher
    JOIN journal_entry AS entry ON entry.centre_id = voucher.centre_id
      AND entry.source_type = 'voucher' AND entry.source_id = voucher.id
      AND entry.kind = 'voucher_' || voucher.kind
    WHERE voucher.centre_id = NEW.centre_id AND voucher.id = NEW.source_id
      AND voucher.state = 'posted' AND voucher.reverse_on = NEW.business_date
      AND entry.id = NEW.reverses_id);
END
