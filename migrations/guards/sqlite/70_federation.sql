-- The networks of a centre follow each other by day; the first holds from the beginning.
CREATE TRIGGER guard_centre_network_new BEFORE INSERT ON centre_network
BEGIN
  SELECT RAISE(ABORT, 'network: the first one holds from the beginning')
  WHERE NEW.joined_on IS NOT '1900-01-01'
    AND NOT EXISTS (SELECT 1 FROM centre_network WHERE centre_id = NEW.centre_id);

  SELECT RAISE(ABORT, 'network: a centre moves after its last move')
  WHERE EXISTS (
    SELECT 1 FROM centre_network
    WHERE centre_id = NEW.centre_id AND joined_on >= NEW.joined_on);

  SELECT RAISE(ABORT, 'network: a centre moves to another network')
  WHERE NEW.network_id IS (
    SELECT network_id FROM centre_network
    WHERE centre_id = NEW.centre_id ORDER BY joined_on DESC LIMIT 1);

  SELECT RAISE(ABORT, 'network: an invitation is accepted by the centre that joins')
  WHERE NEW.invitation_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM network_invitation AS invitation
    JOIN network_invitation_outcome AS answer ON answer.invitation_id = invitation.id
    WHERE invitation.id = NEW.invitation_id AND invitation.network_id = NEW.network_id
      AND answer.outcome = 'accepted' AND answer.answering_centre_id = NEW.centre_id);
END
--;;
-- The network a centre is in now is that of its last row.
CREATE TRIGGER guard_centre_network_now BEFORE UPDATE ON centre
WHEN NEW.network_id IS NOT OLD.network_id
BEGIN
  SELECT RAISE(ABORT, 'network: a centre is where its last move says')
  WHERE NEW.network_id IS NOT (
    SELECT network_id FROM centre_network
    WHERE centre_id = NEW.id ORDER BY joined_on DESC LIMIT 1);
END
--;;
-- An invitation is not accepted when its time is over.
CREATE TRIGGER guard_network_invitation_outcome_new BEFORE INSERT ON network_invitation_outcome
WHEN NEW.outcome = 'accepted'
BEGIN
  SELECT RAISE(ABORT, 'network: the time of this invitation is over')
  WHERE EXISTS (
    SELECT 1 FROM network_invitation
    WHERE id = NEW.invitation_id AND expires_at <= NEW.decided_at);
END
