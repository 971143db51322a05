-- What a fund is for and where it is kept never changes: its lines stand there.
CREATE TRIGGER guard_fund_update BEFORE UPDATE ON fund
WHEN (NEW.centre_id, NEW.id, NEW.purpose, NEW.kind)
  IS NOT (OLD.centre_id, OLD.id, OLD.purpose, OLD.kind)
BEGIN
  SELECT RAISE(ABORT, 'fund: what a fund is for never changes');
END
--;;
-- A recipient's row is blanked once, when the person is erased; it changes in no other way.
CREATE TRIGGER guard_fund_recipient_update BEFORE UPDATE ON fund_recipient
WHEN OLD.erased OR NOT NEW.erased OR NEW.guardian_name <> '' OR NEW.guardian_relation <> ''
  OR NEW.name_key <> '' OR NEW.member_id IS NOT NULL
  OR (NEW.centre_id, NEW.id, NEW.category, NEW.minor, NEW.village_id)
    IS NOT (OLD.centre_id, OLD.id, OLD.category, OLD.minor, OLD.village_id)
BEGIN
  SELECT RAISE(ABORT, 'fund: a recipient is only ever blanked');
END
--;;
-- Whoever asked doesn't approve; after a no, a withdrawal or the payment nothing is decided.
CREATE TRIGGER guard_fund_decision BEFORE INSERT ON fund_decision
BEGIN
  SELECT RAISE(ABORT, 'fund: whoever asked does not decide')
  WHERE NEW.kind <> 'withdraw' AND EXISTS (
    SELECT 1 FROM fund_request
    WHERE centre_id = NEW.centre_id AND id = NEW.request_id AND requested_by = NEW.decided_by);

  SELECT RAISE(ABORT, 'fund: this request is decided')
  WHERE EXISTS (
      SELECT 1 FROM fund_decision
      WHERE centre_id = NEW.centre_id AND request_id = NEW.request_id AND kind <> 'approve')
    OR EXISTS (
      SELECT 1 FROM fund_grant
      WHERE centre_id = NEW.centre_id AND request_id = NEW.request_id);
END
--;;
-- A payment is that of its request, which as many different people approved as it takes.
CREATE TRIGGER guard_fund_grant BEFORE INSERT ON fund_grant
BEGIN
  SELECT RAISE(ABORT, 'fund: only an approved request is paid')
  WHERE NOT EXISTS (
    SELECT 1 FROM fund_request
    WHERE centre_id = NEW.centre_id AND id = NEW.request_id
      AND fund_id = NEW.fund_id AND amount_satang = NEW.amount_satang
      AND approvals <= (
        SELECT count(DISTINCT decided_by) FROM fund_decision
        WHERE centre_id = NEW.centre_id AND request_id = NEW.request_id AND kind = 'approve')
      AND NOT EXISTS (
        SELECT 1 FROM fund_decision
        WHERE centre_id = NEW.centre_id AND request_id = NEW.request_id AND kind <> 'approve'));
END
--;;
-- Who pays out of a fund by a paper finds the money there. Sales are not asked: a till that was
-- offline has given its help already, and the checklist names a fund that stands below zero.
CREATE TRIGGER guard_fund_overdrawn BEFORE INSERT ON journal_entry
WHEN NEW.source_type IN (
  'fund_grant', 'fund_transfer', 'fund_contribution', 'voucher', 'donation', 'surplus_allocation')
BEGIN
  SELECT RAISE(ABORT, 'fund: a fund is never overdrawn')
  WHERE EXISTS (
    SELECT 1 FROM journal_line AS line
    JOIN fund ON fund.centre_id = line.centre_id AND fund.id = line.fund_id
    JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
      AND account.purpose = fund.purpose
    WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id
    GROUP BY fund.id, account.id
    HAVING sum(line.debit) > sum(line.credit) AND 0 > (
      SELECT sum(every.credit - every.debit) FROM journal_line AS every
      WHERE every.centre_id = NEW.centre_id AND every.fund_id = fund.id
        AND every.account_id = account.id));
END
--;;
-- The entries of a fund's papers are for the sum on the paper.
CREATE TRIGGER guard_fund_entry BEFORE INSERT ON journal_entry
WHEN NEW.source_type IN ('fund_grant', 'fund_transfer', 'fund_contribution')
  AND NOT EXISTS (
    SELECT 1 FROM fund_grant WHERE NEW.source_type = 'fund_grant'
      AND centre_id = NEW.centre_id AND id = NEW.source_id AND amount_satang = NEW.debit_total)
  AND NOT EXISTS (
    SELECT 1 FROM fund_transfer WHERE NEW.source_type = 'fund_transfer'
      AND centre_id = NEW.centre_id AND id = NEW.source_id AND amount_satang = NEW.debit_total)
  AND NOT EXISTS (
    SELECT 1 FROM fund_contribution WHERE NEW.source_type = 'fund_contribution'
      AND centre_id = NEW.centre_id AND id = NEW.source_id AND amount_satang = NEW.debit_total)
BEGIN
  SELECT RAISE(ABORT, 'fund: an entry is that of its paper');
END
--;;
-- What is held for funerals moves only against its own money: never into income, never into the
-- shop's cash. Taking over old books may bring any state; vouchers are asked in the program, for
-- one may have to bring strayed money back.
CREATE TRIGGER guard_fund_apart BEFORE INSERT ON journal_entry
WHEN EXISTS (
  SELECT 1 FROM journal_line AS line
  JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
  WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id
    AND account.purpose IN ('funeral_aid', 'funeral_money'))
BEGIN
  SELECT RAISE(ABORT, 'fund: funeral aid is no income and no cost')
  WHERE EXISTS (
    SELECT 1 FROM journal_line AS line
    JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
    WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id
      AND account.type IN ('income', 'expense'));

  SELECT RAISE(ABORT, 'fund: funeral aid stays apart from the shop')
  WHERE NEW.source_type NOT IN ('opening', 'opening_import', 'voucher') AND 0 <> (
    SELECT sum(line.debit - line.credit) FROM journal_line AS line
    JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
    WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id
      AND account.purpose IN ('funeral_aid', 'funeral_money'));
END
--;;
-- The money of funerals is never counted among the shop's.
CREATE TRIGGER guard_account_apart BEFORE UPDATE ON account
WHEN NEW.purpose = 'funeral_money' AND NEW.money <> ''
BEGIN
  SELECT RAISE(ABORT, 'fund: funeral aid is no money of the shop');
END
