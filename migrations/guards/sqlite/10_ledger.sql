-- Posting is the insert of the header: its lines are there already and must add up to it.
CREATE TRIGGER guard_journal_entry_post BEFORE INSERT ON journal_entry
BEGIN
  SELECT RAISE(ABORT, 'ledger: the entry does not balance with its lines')
  WHERE (SELECT count(*) <> NEW.line_count
             OR NEW.line_count < 2
             OR coalesce(sum(debit), 0) <> NEW.debit_total
             OR coalesce(sum(credit), 0) <> NEW.credit_total
             OR NEW.debit_total <> NEW.credit_total
             OR coalesce(sum(business_date <> NEW.business_date), 0) > 0
         FROM journal_line WHERE centre_id = NEW.centre_id AND entry_id = NEW.id);
  SELECT RAISE(ABORT, 'ledger: a line of a control account lacks its sub-ledger key')
  WHERE EXISTS (SELECT 1 FROM journal_line l
                JOIN account a ON a.centre_id = l.centre_id AND a.id = l.account_id
                WHERE l.centre_id = NEW.centre_id AND l.entry_id = NEW.id
                  AND (a.control_key = 'producer' AND l.producer_id IS NULL
                    OR a.control_key = 'member' AND l.member_id IS NULL
                    OR a.control_key = 'lot' AND l.lot_id IS NULL
                    OR a.control_key = 'till' AND l.till_id IS NULL));
  SELECT RAISE(ABORT, 'ledger: the period is not that of the date')
  WHERE NEW.period_id <> CAST(strftime('%Y%m', NEW.business_date) AS INTEGER);
  SELECT RAISE(ABORT, 'ledger: there is no such period')
  WHERE NOT EXISTS (SELECT 1 FROM accounting_period
                    WHERE centre_id = NEW.centre_id AND id = NEW.period_id);
  SELECT RAISE(ABORT, 'ledger: the period is closed')
  WHERE (SELECT state FROM accounting_period
         WHERE centre_id = NEW.centre_id AND id = NEW.period_id) <> 'open';
END
--;;
CREATE TRIGGER guard_journal_line_posted BEFORE INSERT ON journal_line
WHEN EXISTS (SELECT 1 FROM journal_entry WHERE centre_id = NEW.centre_id AND id = NEW.entry_id)
BEGIN
  SELECT RAISE(ABORT, 'ledger: the entry is posted, no line can be added');
END
--;;
CREATE TRIGGER guard_account_fixed BEFORE UPDATE ON account
WHEN NEW.centre_id <> OLD.centre_id OR NEW.id <> OLD.id OR NEW.type <> OLD.type
  OR NEW.control_key <> OLD.control_key OR OLD.purpose IS NOT NULL AND NEW.purpose IS NOT OLD.purpose
BEGIN
  SELECT RAISE(ABORT, 'ledger: what an account is for never changes');
END
--;;
CREATE TRIGGER guard_accounting_period_closed BEFORE UPDATE ON accounting_period
WHEN OLD.state = 'closed' OR NEW.centre_id <> OLD.centre_id OR NEW.id <> OLD.id
BEGIN
  SELECT RAISE(ABORT, 'ledger: a closed period stays closed');
END
--;;
CREATE TRIGGER guard_number_series_next BEFORE UPDATE ON number_series
WHEN NEW.last_number <> OLD.last_number + 1 OR NEW.centre_id <> OLD.centre_id
  OR NEW.series <> OLD.series OR NEW.year <> OLD.year
BEGIN
  SELECT RAISE(ABORT, 'guard: numbers go up one by one');
END
