-- The ticket's backend and the mail are tried, wait and are given up each by itself: what the messages had for both is the
-- backend's, and the mail gets the same.

ALTER TABLE service.ticket_message
  -- Set when the backend did not take the message for so long that it is tried no more.
  ADD COLUMN given_up_at      timestamptz,
  ADD COLUMN mail_tries       integer NOT NULL DEFAULT 0,
  ADD COLUMN mail_retry_at    timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN mail_error       text,
  ADD COLUMN mail_given_up_at timestamptz;

DROP INDEX service.ticket_message_open;
CREATE INDEX ticket_message_undelivered ON service.ticket_message (ticket, id) WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX ticket_message_unmailed ON service.ticket_message (ticket, id) WHERE mailed_at IS NULL AND mail_given_up_at IS NULL;
