-- The kiosk of each company is reached by a secret address.
ALTER TABLE res_company ADD COLUMN IF NOT EXISTS attendance_kiosk_key varchar;
UPDATE res_company SET attendance_kiosk_key = replace(gen_random_uuid()::text, '-', '') WHERE attendance_kiosk_key IS NULL;
