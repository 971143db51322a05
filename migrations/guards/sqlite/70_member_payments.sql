-- What leaves a member's item: never more than it is, never less than nothing, and only of an
-- allocation that is posted and stands.
CREATE TRIGGER guard_member_item_move_within BEFORE INSERT ON member_item_move
BEGIN
  SELECT RAISE(ABORT, 'member payment: this allocation is not posted')
  WHERE NOT EXISTS (
      SELECT 1 FROM member_run AS run
      JOIN surplus_outcome AS outcome
        ON outcome.centre_id = run.centre_id AND outcome.allocation_id = run.allocation_id
      WHERE run.centre_id = NEW.centre_id AND run.id = NEW.run_id AND outcome.kind = 'posted')
    OR EXISTS (
      SELECT 1 FROM member_run AS run
      JOIN surplus_outcome AS outcome
        ON outcome.centre_id = run.centre_id AND outcome.allocation_id = run.allocation_id
      WHERE run.centre_id = NEW.centre_id AND run.id = NEW.run_id AND outcome.kind = 'reversed');

  SELECT RAISE(ABORT, 'member payment: only what was paid is taken back')
  WHERE NEW.source_type IN ('member_payment_reversal', 'unclaimed_reversal') AND NOT EXISTS (
    SELECT 1 FROM member_item_move
    WHERE centre_id = NEW.centre_id
      AND source_type = CASE NEW.source_type WHEN 'unclaimed_reversal' THEN 'unclaimed_taking'
                        ELSE 'member_payment' END
      AND source_id = NEW.source_id AND run_id = NEW.run_id AND member_id = NEW.member_id
      AND dividend_satang = -NEW.dividend_satang AND patronage_satang = -NEW.patronage_satang);

  SELECT RAISE(ABORT, 'member payment: more is paid than is due')
  FROM (
    SELECT coalesce(sum(dividend_satang), 0) AS dividend,
           coalesce(sum(patronage_satang), 0) AS patronage
    FROM member_item_move
    WHERE centre_id = NEW.centre_id AND run_id = NEW.run_id AND member_id = NEW.member_id) AS gone
  LEFT JOIN member_run_item AS item ON item.centre_id = NEW.centre_id
    AND item.run_id = NEW.run_id AND item.member_id = NEW.member_id
  WHERE gone.dividend + NEW.dividend_satang > coalesce(item.cash_dividend_satang, 0)
    OR gone.patronage + NEW.patronage_satang > coalesce(item.cash_patronage_satang, 0)
    OR gone.dividend + NEW.dividend_satang < 0
    OR gone.patronage + NEW.patronage_satang < 0;
END
--;;
-- What waits at the bank is not paid another way.
CREATE TRIGGER guard_member_payment_waiting BEFORE INSERT ON member_payment
WHEN EXISTS (
  SELECT 1 FROM member_batch_line
  WHERE centre_id = NEW.centre_id AND member_id = NEW.member_id AND state = 'waiting'
    AND payment_id <> NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'member payment: a bank file waits for this member');
END
--;;
CREATE TRIGGER guard_member_batch_line_new BEFORE INSERT ON member_batch_line
WHEN NEW.state IS NOT 'waiting'
BEGIN
  SELECT RAISE(ABORT, 'member payment: a new line waits for the bank');
END
--;;
-- A line of a bank file is answered once, and paid by its payment.
CREATE TRIGGER guard_member_batch_line_update BEFORE UPDATE ON member_batch_line
BEGIN
  SELECT RAISE(ABORT, 'member payment: the bank answered this line')
  WHERE OLD.state <> 'waiting';

  SELECT RAISE(ABORT, 'member payment: what the bank was told never changes')
  WHERE (NEW.centre_id, NEW.batch_id, NEW.line_no, NEW.member_id, NEW.dividend_satang,
         NEW.patronage_satang, NEW.account, NEW.account_name, NEW.items, NEW.payment_id)
    IS NOT (OLD.centre_id, OLD.batch_id, OLD.line_no, OLD.member_id, OLD.dividend_satang,
            OLD.patronage_satang, OLD.account, OLD.account_name, OLD.items, OLD.payment_id);

  SELECT RAISE(ABORT, 'member payment: a paid line has its payment')
  WHERE (NEW.state = 'paid') <> EXISTS (
    SELECT 1 FROM member_payment
    WHERE centre_id = NEW.centre_id AND id = NEW.payment_id AND member_id = NEW.member_id
      AND dividend_satang = NEW.dividend_satang AND patronage_satang = NEW.patronage_satang);
END
--;;
-- Two people send to reserve what nobody fetched; what went there once comes back once.
CREATE TRIGGER guard_unclaimed_outcome_two BEFORE INSERT ON unclaimed_outcome
BEGIN
  SELECT RAISE(ABORT, 'unclaimed: a second person approves')
  WHERE NEW.kind = 'approved' AND NOT EXISTS (
    SELECT 1 FROM unclaimed_taking
    WHERE centre_id = NEW.centre_id AND id = NEW.taking_id AND prepared_by IS NOT NULL
      AND NEW.recorded_by IS NOT NULL AND prepared_by <> NEW.recorded_by);

  SELECT RAISE(ABORT, 'unclaimed: this list was decided')
  WHERE NEW.kind IN ('approved', 'withdrawn') AND EXISTS (
    SELECT 1 FROM unclaimed_outcome
    WHERE centre_id = NEW.centre_id AND taking_id = NEW.taking_id);

  SELECT RAISE(ABORT, 'unclaimed: only an approved list is taken back')
  WHERE NEW.kind = 'reversed' AND NOT EXISTS (
    SELECT 1 FROM unclaimed_outcome
    WHERE centre_id = NEW.centre_id AND taking_id = NEW.taking_id AND kind = 'approved');
END
--;;
CREATE TRIGGER guard_unclaimed_move BEFORE INSERT ON member_item_move
WHEN NEW.source_type = 'unclaimed_taking' AND NOT EXISTS (
  SELECT 1 FROM unclaimed_line AS line
  JOIN unclaimed_outcome AS outcome
    ON outcome.centre_id = line.centre_id AND outcome.taking_id = line.taking_id
  WHERE line.centre_id = NEW.centre_id AND line.taking_id = NEW.source_id
    AND line.run_id = NEW.run_id AND line.member_id = NEW.member_id
    AND line.dividend_satang = NEW.dividend_satang
    AND line.patronage_satang = NEW.patronage_satang AND outcome.kind = 'approved')
BEGIN
  SELECT RAISE(ABORT, 'unclaimed: nobody approved this');
END
--;;
-- An allocation of which something is paid, or waits at the bank, stands.
CREATE TRIGGER guard_surplus_outcome_unpaid BEFORE INSERT ON surplus_outcome
WHEN NEW.kind = 'reversed' AND (
  EXISTS (
    SELECT 1 FROM member_run AS run
    JOIN member_item_move AS move ON move.centre_id = run.centre_id AND move.run_id = run.id
    WHERE run.centre_id = NEW.centre_id AND run.allocation_id = NEW.allocation_id
    GROUP BY move.member_id
    HAVING sum(move.dividend_satang) <> 0 OR sum(move.patronage_satang) <> 0)
  OR EXISTS (
    SELECT 1 FROM member_run AS run
    JOIN member_batch_line AS line ON line.centre_id = run.centre_id AND line.state = 'waiting'
      AND replace(line.items, '-', '') LIKE '%' || replace(run.id, '-', '') || '%'
    WHERE run.centre_id = NEW.centre_id AND run.allocation_id = NEW.allocation_id))
BEGIN
  SELECT RAISE(ABORT, 'member payment: something of this allocation is paid');
END
