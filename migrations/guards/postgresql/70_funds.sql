-- What a fund is for and where it is kept never changes: its lines stand there.
CREATE FUNCTION guard_fund_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF (NEW.centre_id, NEW.id, NEW.purpose, NEW.kind)
    IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.purpose, OLD.kind) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'fund: what a fund is for never changes';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_fund_update BEFORE UPDATE ON fund
FOR EACH ROW EXECUTE FUNCTION guard_fund_update()
--;;
-- A recipient's row is blanked once, when the person is erased; it changes in no other way.
CREATE FUNCTION guard_fund_recipient_update() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF OLD.erased OR NOT NEW.erased OR NEW.guardian_name <> '' OR NEW.guardian_relation <> ''
    OR NEW.name_key <> '' OR NEW.member_id IS NOT NULL
    OR (NEW.centre_id, NEW.id, NEW.category, NEW.minor, NEW.village_id)
      IS DISTINCT FROM (OLD.centre_id, OLD.id, OLD.category, OLD.minor, OLD.village_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'fund: a recipient is only ever blanked';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_fund_recipient_update BEFORE UPDATE ON fund_recipient
FOR EACH ROW EXECUTE FUNCTION guard_fund_recipient_update()
--;;
-- Whoever asked doesn't approve; after a no, a withdrawal or the payment nothing is decided. Who
-- decides and who pays take the same lock, so that neither misses the other.
CREATE FUNCTION guard_fund_decision() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.request_id::text, 0));
  IF NEW.kind <> 'withdraw' AND EXISTS (
    SELECT 1 FROM fund_request
    WHERE centre_id = NEW.centre_id AND id = NEW.request_id AND requested_by = NEW.decided_by)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'fund: whoever asked does not decide';
  END IF;
  IF EXISTS (
      SELECT 1 FROM fund_decision
      WHERE centre_id = NEW.centre_id AND request_id = NEW.request_id AND kind <> 'approve')
    OR EXISTS (
      SELECT 1 FROM fund_grant
      WHERE centre_id = NEW.centre_id AND request_id = NEW.request_id)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'fund: this request is decided';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_fund_decision BEFORE INSERT ON fund_decision
FOR EACH ROW EXECUTE FUNCTION guard_fund_decision()
--;;
-- A payment is that of its request, which as many different people approved as it takes.
CREATE FUNCTION guard_fund_grant() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.request_id::text, 0));
  IF NOT EXISTS (
    SELECT 1 FROM fund_request
    WHERE centre_id = NEW.centre_id AND id = NEW.request_id
      AND fund_id = NEW.fund_id AND amount_satang = NEW.amount_satang
      AND approvals <= (
        SELECT count(DISTINCT decided_by) FROM fund_decision
        WHERE centre_id = NEW.centre_id AND request_id = NEW.request_id AND kind = 'approve')
      AND NOT EXISTS (
        SELECT 1 FROM fund_decision
        WHERE centre_id = NEW.centre_id AND request_id = NEW.request_id AND kind <> 'approve'))
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'fund: only an approved request is paid';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_fund_grant BEFORE INSERT ON fund_grant
FOR EACH ROW EXECUTE FUNCTION guard_fund_grant()
--;;
-- Who pays out of a fund by a paper finds the money there. Sales are not asked: a till that was
-- offline has given its help already, and the checklist names a fund that stands below zero. The
-- funds' rows are held, in one order, so that of two who pay at once the second sees the first.
CREATE FUNCTION guard_fund_overdrawn() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM 1 FROM fund
  WHERE centre_id = NEW.centre_id AND id IN (
    SELECT fund_id FROM journal_line
    WHERE centre_id = NEW.centre_id AND entry_id = NEW.id AND fund_id IS NOT NULL)
  ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM journal_line AS line
    JOIN fund ON fund.centre_id = line.centre_id AND fund.id = line.fund_id
    JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
      AND account.purpose = fund.purpose
    WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id
    GROUP BY fund.id, account.id
    HAVING sum(line.debit) > sum(line.credit) AND 0 > (
      SELECT sum(every.credit - every.debit) FROM journal_line AS every
      WHERE every.centre_id = NEW.centre_id AND every.fund_id = fund.id
        AND every.account_id = account.id))
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'fund: a fund is never overdrawn';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_fund_overdrawn BEFORE INSERT ON journal_entry
FOR EACH ROW WHEN (NEW.source_type IN
  ('fund_grant', 'fund_transfer', 'fund_contribution', 'voucher', 'donation',
   'surplus_allocation'))
EXECUTE FUNCTION guard_fund_overdrawn()
--;;
-- The entries of a fund's papers are for the sum on the paper.
CREATE FUNCTION guard_fund_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
      SELECT 1 FROM fund_grant WHERE NEW.source_type = 'fund_grant'
        AND centre_id = NEW.centre_id AND id = NEW.source_id AND amount_satang = NEW.debit_total)
    AND NOT EXISTS (
      SELECT 1 FROM fund_transfer WHERE NEW.source_type = 'fund_transfer'
        AND centre_id = NEW.centre_id AND id = NEW.source_id AND amount_satang = NEW.debit_total)
    AND NOT EXISTS (
      SELECT 1 FROM fund_contribution WHERE NEW.source_type = 'fund_contribution'
        AND centre_id = NEW.centre_id AND id = NEW.source_id AND amount_satang = NEW.debit_total)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'fund: an entry is that of its paper';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_fund_entry BEFORE INSERT ON journal_entry
FOR EACH ROW WHEN (NEW.source_type IN ('fund_grant', 'fund_transfer', 'fund_contribution'))
EXECUTE FUNCTION guard_fund_entry()
--;;
-- What is held for funerals moves only against its own money: never into income, never into the
-- shop's cash. Taking over old books may bring any state; vouchers are asked in the program, for
-- one may have to bring strayed money back.
CREATE FUNCTION guard_fund_apart() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  held bigint;
  net numeric;
  results bigint;
BEGIN
  SELECT count(*) FILTER (WHERE account.purpose IN ('funeral_aid', 'funeral_money')),
         sum(line.debit - line.credit)
           FILTER (WHERE account.purpose IN ('funeral_aid', 'funeral_money')),
         count(*) FILTER (WHERE account.type IN ('income', 'expense'))
  INTO held, net, results
  FROM journal_line AS line
  JOIN account ON account.centre_id = line.centre_id AND account.id = line.account_id
  WHERE line.centre_id = NEW.centre_id AND line.entry_id = NEW.id;
  IF held > 0 AND results > 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'fund: funeral aid is no income and no cost';
  END IF;
  IF held > 0 AND net <> 0
    AND NEW.source_type NOT IN ('opening', 'opening_import', 'voucher') THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'fund: funeral aid stays apart from the shop';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_fund_apart BEFORE INSERT ON journal_entry
FOR EACH ROW EXECUTE FUNCTION guard_fund_apart()
--;;
-- The money of funerals is never counted among the shop's.
CREATE FUNCTION guard_account_apart() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation',
    MESSAGE = 'fund: funeral aid is no money of the shop';
END
$$
--;;
CREATE TRIGGER guard_account_apart BEFORE UPDATE ON account
FOR EACH ROW WHEN (NEW.purpose = 'funeral_money' AND NEW.money <> '')
EXECUTE FUNCTION guard_account_apart()
