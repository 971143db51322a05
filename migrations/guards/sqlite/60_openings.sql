-- What was brought of the old books may be looked over and changed until it is taken or dropped.
CREATE TRIGGER guard_opening_import_update BEFORE UPDATE ON opening_import
WHEN OLD.state <> 'open'
  OR (NEW.state = 'taken') <> EXISTS (
    SELECT 1 FROM opening_taking WHERE centre_id = OLD.centre_id AND import_id = OLD.id)
  OR (NEW.centre_id, NEW.id, NEW.import_no, NEW.recorded_at, NEW.recorded_by, NEW.recorded_name)
    IS NOT (OLD.centre_id, OLD.id, OLD.import_no, OLD.recorded_at, OLD.recorded_by,
            OLD.recorded_name)
BEGIN
  SELECT RAISE(ABORT, 'guard: an opening changes only while it is open');
END
--;;
CREATE TRIGGER guard_opening_taking_open BEFORE INSERT ON opening_taking
WHEN NOT EXISTS (
  SELECT 1 FROM opening_import
  WHERE centre_id = NEW.centre_id AND id = NEW.import_id AND state = 'open'
    AND opening_on = NEW.business_date)
  OR (NEW.entry_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM journal_entry
    WHERE centre_id = NEW.centre_id AND id = NEW.entry_id AND kind = 'opening_import'
      AND source_type = 'opening_import' AND source_id = NEW.import_id
      AND business_date = NEW.business_date AND debit_total = NEW.total_satang))
BEGIN
  SELECT RAISE(ABORT, 'guard: an open import is taken, with its own entry');
END
--;;
-- What the old books leave to be paid is what their entry says, to the satang.
CREATE TRIGGER guard_opening_due_posted BEFORE INSERT ON opening_due
WHEN NOT EXISTS (
  SELECT 1 FROM opening_taking
  JOIN journal_line ON journal_line.centre_id = opening_taking.centre_id
    AND journal_line.entry_id = opening_taking.entry_id
  JOIN account ON account.centre_id = journal_line.centre_id
    AND account.id = journal_line.account_id
  WHERE opening_taking.centre_id = NEW.centre_id AND opening_taking.import_id = NEW.import_id
    AND opening_taking.business_date = NEW.business_date
    AND journal_line.producer_id = NEW.producer_id
    AND account.purpose = CASE NEW.kind WHEN 'consignment' THEN 'consignment_payable'
      WHEN 'outright' THEN 'payable_outright' ELSE 'producer_advances' END
    AND NEW.amount_satang = CASE NEW.kind WHEN 'advance' THEN journal_line.debit
      ELSE journal_line.credit END)
BEGIN
  SELECT RAISE(ABORT, 'guard: what is due from the old books stands in their entry');
END
