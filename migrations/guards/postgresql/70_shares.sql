-- The share register. A transaction's movements come first and its header last: once it is there,
-- the transaction is whole and counts. Whoever adds movements holds a lock on the transaction's id
-- to the end (see 10_ledger.sql), so that another session can't add to it unseen.
CREATE FUNCTION guard_share_movement_insert() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(named.document, 0))
  FROM (SELECT DISTINCT transaction_id::text AS document FROM added ORDER BY 1) AS named;
  IF EXISTS (
    SELECT 1 FROM added
    JOIN share_transaction ON share_transaction.centre_id = added.centre_id
      AND share_transaction.id = added.transaction_id
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'shares: a recorded transaction takes no more movements';
  END IF;
  RETURN NULL;
END
$$
--;;
CREATE TRIGGER guard_share_movement_late AFTER INSERT ON share_movement
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guard_share_movement_insert()
--;;
CREATE FUNCTION guard_share_transaction_whole() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  made record;
  refusal text;
BEGIN
  SELECT count(*) AS rows_, coalesce(sum(delta_satang), 0) AS net,
    coalesce(sum(abs(delta_satang)), 0) AS gross,
    count(*) FILTER (
      WHERE member_id = NEW.member_id AND delta_satang = -NEW.amount_satang) AS givers,
    count(*) FILTER (
      WHERE member_id = NEW.to_member_id AND delta_satang = NEW.amount_satang) AS takers,
    count(*) FILTER (
      WHERE member_id = NEW.member_id AND delta_satang = NEW.amount_satang) AS buyers
  INTO made
  FROM share_movement WHERE centre_id = NEW.centre_id AND transaction_id = NEW.id;

  IF made.rows_ IS DISTINCT FROM NEW.movements OR NOT (CASE
    WHEN NEW.kind IN ('buy', 'instalment') THEN made.rows_ = 1 AND made.buyers = 1
    WHEN NEW.kind = 'withdraw' THEN made.rows_ = 1 AND made.givers = 1
    WHEN NEW.kind = 'transfer' OR (NEW.kind = 'inherit' AND NEW.to_member_id IS NOT NULL)
      THEN made.rows_ = 2 AND made.givers = 1 AND made.takers = 1
    WHEN NEW.kind = 'inherit' THEN made.rows_ = 1 AND made.givers = 1
    WHEN NEW.kind = 'credited' THEN made.gross = NEW.amount_satang AND made.net = made.gross
    ELSE made.gross = NEW.amount_satang OR NEW.kind = 'reversal'
  END) THEN
    refusal := 'shares: the movements are not what the transaction says';
  ELSIF NEW.kind = 'reversal' AND (
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
        AND first.delta_satang IS DISTINCT FROM -mine.delta_satang)
  ) THEN
    refusal := 'shares: a reversal is its transaction the other way round';
  ELSIF EXISTS (
    SELECT 1 FROM (
      SELECT state FROM accounting_period
      WHERE centre_id = NEW.centre_id
        AND id = to_char(NEW.effective_on, 'YYYYMM')::integer
      FOR KEY SHARE) AS period
    WHERE period.state = 'closed'
  ) THEN
    refusal := 'shares: the month of this day is locked';
  ELSIF NEW.kind = 'instalment' AND NOT EXISTS (
    SELECT 1 FROM share_subscription AS plan
    WHERE plan.centre_id = NEW.centre_id AND plan.id = NEW.subscription_id
      AND plan.member_id = NEW.member_id
      AND plan.shares * plan.par_satang >= NEW.amount_satang + (
        SELECT coalesce(sum(paid.amount_satang), 0) FROM share_transaction AS paid
        WHERE paid.centre_id = NEW.centre_id AND paid.subscription_id = NEW.subscription_id
          AND NOT EXISTS (
            SELECT 1 FROM share_transaction AS back
            WHERE back.centre_id = paid.centre_id AND back.reverses_id = paid.id))
  ) THEN
    refusal := 'shares: more than was subscribed';
  ELSIF EXISTS (
    SELECT 1 FROM (
      SELECT effective_on, sum(delta_satang) OVER (
        PARTITION BY member_id ORDER BY effective_on) AS held
      FROM share_movement
      WHERE centre_id = NEW.centre_id AND member_id IN (
        SELECT member_id FROM share_movement
        WHERE centre_id = NEW.centre_id AND transaction_id = NEW.id AND delta_satang < 0)
    ) AS days
    WHERE held < 0 AND effective_on >= NEW.effective_on
  ) THEN
    refusal := 'shares: nobody holds less than nothing';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_share_transaction_whole BEFORE INSERT ON share_transaction
FOR EACH ROW EXECUTE FUNCTION guard_share_transaction_whole()
--;;
-- Heirs come first and the nomination last; their parts are the whole.
CREATE FUNCTION guard_share_heir_insert() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(named.document, 0))
  FROM (SELECT DISTINCT nomination_id::text AS document FROM added ORDER BY 1) AS named;
  IF EXISTS (
    SELECT 1 FROM added
    JOIN share_nomination ON share_nomination.centre_id = added.centre_id
      AND share_nomination.id = added.nomination_id
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'shares: a recorded nomination takes no more heirs';
  END IF;
  RETURN NULL;
END
$$
--;;
CREATE TRIGGER guard_share_heir_late AFTER INSERT ON share_heir
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION guard_share_heir_insert()
--;;
CREATE FUNCTION guard_share_nomination_whole() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM (
      SELECT count(*) AS named, coalesce(sum(part_basis_points), 0) AS total FROM share_heir
      WHERE centre_id = NEW.centre_id AND nomination_id = NEW.id) AS made
    WHERE made.named = NEW.heirs AND made.total = CASE NEW.heirs WHEN 0 THEN 0 ELSE 10000 END)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'shares: the parts of the heirs are the whole';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_share_nomination_whole BEFORE INSERT ON share_nomination
FOR EACH ROW EXECUTE FUNCTION guard_share_nomination_whole()
--;;
-- A certificate is for whole shares the member holds and has no other certificate for.
CREATE FUNCTION guard_share_certificate_held() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.shares * NEW.par_satang + (
      SELECT coalesce(sum(other.shares * other.par_satang), 0) FROM share_certificate AS other
      WHERE other.centre_id = NEW.centre_id AND other.member_id = NEW.member_id
        AND NOT EXISTS (
          SELECT 1 FROM share_certificate_end AS ended
          WHERE ended.centre_id = other.centre_id AND ended.certificate_id = other.id))
    > (
      SELECT coalesce(sum(delta_satang), 0) FROM share_movement
      WHERE centre_id = NEW.centre_id AND member_id = NEW.member_id
        AND effective_on <= NEW.issued_on)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'shares: a certificate is for shares held';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_share_certificate_held BEFORE INSERT ON share_certificate
FOR EACH ROW EXECUTE FUNCTION guard_share_certificate_held()
