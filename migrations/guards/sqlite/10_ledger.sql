-- The ledger on SQLite. One writer at a time, so nothing here needs a lock.
-- Lines come first and the header last: once it is there, the entry is whole.
CREATE TRIGGER guard_journal_line_late BEFORE INSERT ON journal_line
WHEN EXISTS (SELECT 1 FROM journal_entry WHERE centre_id = NEW.centre_id AND id = NEW.entry_id)
BEGIN
  SELECT RAISE(ABORT, 'ledger: a posted entry takes no more lines');
END
--;;
-- The header's insert posts the entry. SQLite keeps any type in any column, so types are asked too.
CREATE TRIGGER guard_journal_entry_post BEFORE INSERT ON journal_entry
BEGIN
  SELECT RAISE(ABORT, 'ledger: an entry has at least two lines and counts them all')
  WHERE NEW.line_count < 2 OR NEW.line_count IS NOT (
    SELECT count(*) FROM journal_line
    WHERE centre_id = NEW.centre_id AND entry_id = NEW.id);

  SELECT RAISE(ABORT, 'ledger: amounts are whole satang')
  WHERE typeof(NEW.debit_total) IS NOT 'integer' OR typeof(NEW.credit_total) IS NOT 'integer'
    OR EXISTS (
      SELECT 1 FROM journal_line
      WHERE centre_id = NEW.centre_id AND entry_id = NEW.id
        AND (typeof(debit) IS NOT 'integer' OR typeof(credit) IS NOT 'integer'
          OR debit < 0 OR credit < 0));

  SELECT RAISE(ABORT, 'ledger: the entry does not balance')
  WHERE NEW.debit_total IS NOT NEW.credit_total
    OR (NEW.debit_total, NEW.credit_total) IS NOT (
      SELECT sum(debit), sum(credit) FROM journal_line
      WHERE centre_id = NEW.centre_id AND entry_id = NEW.id);

  SELECT RAISE(ABORT, 'ledger: every line bears the date of its entry')
  WHERE EXISTS (
    SELECT 1 FROM journal_line
    WHERE centre_id = NEW.centre_id AND entry_id = NEW.id
      AND posting_date IS NOT NEW.posting_date);

  -- What counts on another day than its own is late: its own month was locked before it came.
  SELECT RAISE(ABORT, 'ledger: only a document of a locked month counts on another day')
  WHERE NEW.posting_date IS NOT NEW.business_date AND NOT EXISTS (
    SELECT 1 FROM accounting_period
    WHERE centre_id = NEW.centre_id AND state = 'closed'
      AND id = CAST(strftime('%Y%m', NEW.business_date) AS INTEGER));

  SELECT RAISE(ABORT, 'ledger: a line of a control account lacks its key')
  WHERE EXISTS (
    SELECT 1 FROM journal_line AS line
    LEFT JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
    WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id
      AND CASE account.control_key
            WHEN '' THEN 0
            WHEN 'producer' THEN line.producer_id IS NULL
            WHEN 'member' THEN line.member_id IS NULL
            WHEN 'lot' THEN line.lot_id IS NULL
            WHEN 'till' THEN line.till_id IS NULL
            ELSE 1
          END);

  SELECT RAISE(ABORT, 'ledger: the period is not the month of the date')
  WHERE NEW.period_id IS NOT CAST(strftime('%Y%m', NEW.posting_date) AS INTEGER);

  SELECT RAISE(ABORT, 'ledger: the period does not exist')
  WHERE NOT EXISTS (
    SELECT 1 FROM accounting_period WHERE centre_id = NEW.centre_id AND id = NEW.period_id);

  SELECT RAISE(ABORT, 'ledger: the period is closed')
  WHERE NOT EXISTS (
    SELECT 1 FROM accounting_period
    WHERE centre_id = NEW.centre_id AND id = NEW.period_id AND state = 'open');
END
--;;
-- A reversal is its entry with the sides changed, line by line: nothing more, nothing less.
CREATE TRIGGER guard_journal_entry_reversal BEFORE INSERT ON journal_entry
WHEN NEW.reverses_id IS NOT NULL AND (
  NEW.line_count IS NOT (
    SELECT line_count FROM journal_entry
    WHERE centre_id = NEW.centre_id AND id = NEW.reverses_id)
  OR EXISTS (
    SELECT 1 FROM journal_line AS first
    LEFT JOIN journal_line AS opposite ON opposite.centre_id = first.centre_id
      AND opposite.entry_id = NEW.id AND opposite.line_no = first.line_no
    WHERE first.centre_id = NEW.centre_id AND first.entry_id = NEW.reverses_id
      AND (opposite.account_id, opposite.debit, opposite.credit, opposite.member_id,
           opposite.producer_id, opposite.lot_id, opposite.till_id, opposite.fund_id,
           opposite.activity_id)
        IS NOT (first.account_id, first.credit, first.debit, first.member_id,
                first.producer_id, first.lot_id, first.till_id, first.fund_id,
                first.activity_id)))
BEGIN
  SELECT RAISE(ABORT, 'ledger: a reversal is its entry the other way round');
END
--;;
-- What an account is for is remembered by the program, so it never moves once said.
CREATE TRIGGER guard_account_update BEFORE UPDATE ON account
WHEN (NEW.centre_id, NEW.id, NEW.type, NEW.control_key)
    IS NOT (OLD.centre_id, OLD.id, OLD.type, OLD.control_key)
  OR (OLD.purpose IS NOT NULL AND NEW.purpose IS NOT OLD.purpose)
BEGIN
  SELECT RAISE(ABORT, 'ledger: what an account is for never changes');
END
--;;
-- UPDATE OR REPLACE would delete the account in its way.
CREATE TRIGGER guard_account_replace BEFORE UPDATE ON account
WHEN EXISTS (
  SELECT 1 FROM account AS other
  WHERE other.centre_id = NEW.centre_id AND other.id IS NOT OLD.id
    AND (other.code = NEW.code OR other.purpose = NEW.purpose))
BEGIN
  SELECT RAISE(ABORT, 'ledger: this account exists');
END
--;;
-- Whether a month may be locked or opened is decided in 50_close.sql; nothing else of it changes.
CREATE TRIGGER guard_accounting_period_update BEFORE UPDATE ON accounting_period
WHEN (NEW.centre_id, NEW.id) IS NOT (OLD.centre_id, OLD.id) OR NEW.state IS OLD.state
BEGIN
  SELECT RAISE(ABORT, 'ledger: a closed period stays closed');
END
--;;
-- Numbers only go up. Our own upsert fires BEFORE INSERT too, so a series that is there can't be
-- refused. INSERT OR REPLACE of a series meets the DELETE guard when recursive_triggers is on;
-- when another tool left it off, the entries already numbered refuse it (here), or, for another
-- series, the unique number of the next document does.
CREATE TRIGGER guard_number_series_insert AFTER INSERT ON number_series
WHEN NEW.series = 'journal' AND EXISTS (
  SELECT 1 FROM journal_entry WHERE centre_id = NEW.centre_id AND fiscal_year = NEW.year)
BEGIN
  SELECT RAISE(ABORT, 'guard: a number series only goes up');
END
--;;
CREATE TRIGGER guard_number_series_update BEFORE UPDATE ON number_series
WHEN (NEW.centre_id, NEW.series, NEW.year) IS NOT (OLD.centre_id, OLD.series, OLD.year)
  OR typeof(NEW.last_number) IS NOT 'integer'
  OR NEW.last_number <= OLD.last_number
BEGIN
  SELECT RAISE(ABORT, 'guard: a number series only goes up');
END
