-- Size of the upload in bytes, kept when its file is let go of after the days of retention.

ALTER TABLE service.request ADD COLUMN original_bytes bigint;
