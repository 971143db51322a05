-- The networks of a centre follow each other by day; the first holds from the beginning. The
-- centre's row is held, so that of two moves at once one comes after the other.
CREATE FUNCTION guard_centre_network_new() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
  last centre_network%ROWTYPE;
  refusal text;
BEGIN
  PERFORM 1 FROM centre WHERE id = NEW.centre_id FOR UPDATE;
  SELECT * INTO last FROM centre_network
  WHERE centre_id = NEW.centre_id ORDER BY joined_on DESC LIMIT 1;
  IF last.centre_id IS NULL AND NEW.joined_on <> DATE '1900-01-01' THEN
    refusal := 'network: the first one holds from the beginning';
  ELSIF last.joined_on >= NEW.joined_on THEN
    refusal := 'network: a centre moves after its last move';
  ELSIF last.network_id = NEW.network_id THEN
    refusal := 'network: a centre moves to another network';
  ELSIF NEW.invitation_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM network_invitation AS invitation
    JOIN network_invitation_outcome AS answer ON answer.invitation_id = invitation.id
    WHERE invitation.id = NEW.invitation_id AND invitation.network_id = NEW.network_id
      AND answer.outcome = 'accepted' AND answer.answering_centre_id = NEW.centre_id) THEN
    refusal := 'network: an invitation is accepted by the centre that joins';
  END IF;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = refusal;
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_centre_network_new BEFORE INSERT ON centre_network
FOR EACH ROW EXECUTE FUNCTION guard_centre_network_new()
--;;
-- The network a centre is in now is that of its last row.
CREATE FUNCTION guard_centre_network_now() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.network_id IS DISTINCT FROM (
    SELECT network_id FROM centre_network
    WHERE centre_id = NEW.id ORDER BY joined_on DESC LIMIT 1) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'network: a centre is where its last move says';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_centre_network_now BEFORE UPDATE ON centre
FOR EACH ROW WHEN (NEW.network_id IS DISTINCT FROM OLD.network_id)
EXECUTE FUNCTION guard_centre_network_now()
--;;
-- An invitation is not accepted when its time is over.
CREATE FUNCTION guard_network_invitation_outcome_new() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM network_invitation
    WHERE id = NEW.invitation_id AND expires_at <= NEW.decided_at) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = 'network: the time of this invitation is over';
  END IF;
  RETURN NEW;
END
$$
--;;
CREATE TRIGGER guard_network_invitation_outcome_new BEFORE INSERT ON network_invitation_outcome
FOR EACH ROW WHEN (NEW.outcome = 'accepted')
EXECUTE FUNCTION guard_network_invitation_outcome_new()
