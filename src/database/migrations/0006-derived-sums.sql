-- What is made of a stored dump while it is downloaded: its sizes and hashes (SHA-256 in hexadecimal), known once
-- somebody had the whole.

ALTER TABLE service.file
  ADD COLUMN sql_sha256 text,
  ADD COLUMN filestore_bytes bigint,
  ADD COLUMN filestore_sha256 text;
