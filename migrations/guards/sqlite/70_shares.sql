-- The share register. A transaction's movements come first and its header last: once it is there,
-- the transaction is whole and counts.
CREATE TRIGGER guard_share_movement_late BEFORE INSERT ON share_movement
WHEN EXISTS (
  SELECT 1 FROM share_transaction WHERE centre_id = NEW.centre_id AND id = NEW.transaction_id)
BEGIN
  SELECT RAISE(ABORT, 'shares: a recorded transaction takes no more movements');
END
--;;
CREATE TRIGGER guard_share_transaction_whole BEFORE INSERT ON share_transaction
BEGIN
  SELECT RAISE(ABORT, 'shares: amounts are whole satang')
  WHERE typeof(NEW.amount_satang) IS NOT 'integer' OR EXISTS (
    SELECT 1 FROM share_movement
    WHERE centre_id = NEW.centre_id AND transaction_id = NEW.id
      AND typeof(delta_satang) IS NOT 'integer');

  SELECT RAISE(ABORT, 'shares: the movements are not what the transaction says')
  WHERE NOT EXISTS (
    SELECT 1 FROM (
      SELECT count(*) AS rows_, coalesce(sum(delta_satang), 0) AS net,
        coalesce(sum(abs(delta_satang)), 0) AS gross,
        sum(member_id IS NEW.member_id AND delta_satang = -NEW.amount_satang) AS givers,
        sum(member_id IS NEW.to_member_id AND delta_satang = NEW.amount_satang) AS takers,
        sum(member_id IS NEW.member_id AND delta_satang = NEW.amount_satang) AS buyers
      FROM share_movement WHERE centre_id = NEW.centre_id AND transaction_id = NEW.id) AS made
    WHERE made.rows_ = NEW.movements AND CASE
      WHEN NEW.kind IN ('buy', 'instalment') THEN made.rows_ = 1 AND made.buyers = 1
      WHEN NEW.kind = 'withdraw' THEN made.rows_ = 1 AND made.givers = 1
      WHEN NEW.kind = 'transfer' OR (NEW.kind = 'inherit' AND NEW.to_member_id IS NOT NULL)
        THEN made.rows_ = 2 AND made.givers = 1 AND made.takers = 1
      WHEN NEW.kind = 'inherit' THEN made.rows_ = 1 AND made.givers = 1
      WHEN NEW.kind = 'credited' THEN made.gross = NEW.amount_satang AND made.net = made.gross
      ELSE made.gross = NEW.amount_satang OR NEW.kind = 'reversal'
    END);

  SELECT RAISE(ABORT, 'shares: a reversal is its transaction the other way round')
  WHERE NEW.kind = 'reversal' AND (
    NOT EXISTS (
      SELECT 1 FROM share_transaction
      WHERE centre_id = NEW.centre_id AND id = NEW.reverses_id AND kind <> 'reversal'
        AND amount_satang = NEW.amount_satang AND movements = NEW.movements
        AND effective_on <= NEW.effective_on)
    OR EXISTS (
      SELECT 1 FROM share_movement AS mine
      LEFT JOIN share_movement AS first ON first.centre_id = mine.centre_id
        AND first.transaction_id = NEW.reverses_id AND first.member_id = mine.member_id
      WHERE mine.centre_id = NEW.centre_id AND mine.transaction_id = NEW.id
        AND (first.delta_satang IS NULL OR first.delta_satang <> -mine.delta_satang)));

  SELECT RAISE(ABORT, 'shares: the month of this day is locked')
  WHERE EXISTS (
    SELECT 1 FROM accounting_period
    WHERE centre_id = NEW.centre_id AND state = 'closed'
      AND id = CAST(strftime('%Y%m', NEW.effective_on) AS INTEGER));

  SELECT RAISE(ABORT, 'shares: more than was subscribed')
  WHERE NEW.kind = 'instalment' AND NOT EXISTS (
    SELECT 1 FROM share_subscription AS plan
    WHERE plan.centre_id = NEW.centre_id AND plan.id = NEW.subscription_id
      AND plan.member_id = NEW.member_id
      AND plan.shares * plan.par_satang >= NEW.amount_satang + (
        SELECT coalesce(sum(paid.amount_satang), 0) FROM share_transaction AS paid
        WHERE paid.centre_id = NEW.centre_id AND paid.subscription_id = NEW.subscription_id
          AND NOT EXISTS (
            SELECT 1 FROM share_transaction AS back
            WHERE back.centre_id = paid.centre_id AND back.reverses_id = paid.id)));

  SELECT RAISE(ABORT, 'shares: nobody holds less than nothing')
  WHERE EXISTS (
    SELECT 1 FROM share_movement AS mine
    JOIN share_movement AS one ON one.centre_id = mine.centre_id
      AND one.member_id = mine.member_id AND one.effective_on >= mine.effective_on
    WHERE mine.centre_id = NEW.centre_id AND mine.transaction_id = NEW.id
      AND mine.delta_satang < 0
      AND (
        SELECT sum(upto.delta_satang) FROM share_movement AS upto
        WHERE upto.centre_id = mine.centre_id AND upto.member_id = mine.member_id
          AND upto.effective_on <= one.effective_on) < 0);
END
--;;
-- Heirs come first and the nomination last; their parts are the whole.
CREATE TRIGGER guard_share_heir_late BEFORE INSERT ON share_heir
WHEN EXISTS (
  SELECT 1 FROM share_nomination WHERE centre_id = NEW.centre_id AND id = NEW.nomination_id)
BEGIN
  SELECT RAISE(ABORT, 'shares: a recorded nomination takes no more heirs');
END
--;;
CREATE TRIGGER guard_share_nomination_whole BEFORE INSERT ON share_nomination
BEGIN
  SELECT RAISE(ABORT, 'shares: the parts of the heirs are the whole')
  WHERE (NEW.heirs, CASE NEW.heirs WHEN 0 THEN 0 ELSE 10000 END) IS NOT (
    SELECT count(*), coalesce(sum(part_basis_points), 0) FROM share_heir
    WHERE centre_id = NEW.centre_id AND nomination_id = NEW.id);
END
--;;
-- A certificate is for whole shares the member holds and has no other certificate for.
CREATE TRIGGER guard_share_certificate_held BEFORE INSERT ON share_certificate
BEGIN
  SELECT RAISE(ABORT, 'shares: a certificate is for shares held')
  WHERE NEW.shares * NEW.par_satang + (
      SELECT coalesce(sum(other.shares * other.par_satang), 0) FROM share_certificate AS other
      WHERE other.centre_id = NEW.centre_id AND other.member_id = NEW.member_id
        AND NOT EXISTS (
          SELECT 1 FROM share_certificate_end AS ended
          WHERE ended.centre_id = other.centre_id AND ended.certificate_id = other.id))
    > (
      SELECT coalesce(sum(delta_satang), 0) FROM share_movement
      WHERE centre_id = NEW.centre_id AND member_id = NEW.member_id
        AND effective_on <= NEW.issued_on);
END
