-- What happened and with what figures and names, so that a line of a request's log can be said in the reader's language.
-- `message` is the English sentence; lines of before have nothing else.

ALTER TABLE service.log
  ADD COLUMN event text,
  ADD COLUMN detail jsonb;
