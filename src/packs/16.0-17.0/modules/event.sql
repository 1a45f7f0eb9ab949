-- A badge is read by a code of its own.
ALTER TABLE event_registration ADD COLUMN IF NOT EXISTS barcode varchar, ADD COLUMN IF NOT EXISTS company_name varchar;
UPDATE event_registration SET barcode = (('x' || substr(replace(gen_random_uuid()::text, '-', ''), 17, 16))::bit(64)::bigint & 9223372036854775807)::text || id WHERE barcode IS NULL;
UPDATE event_registration r SET company_name = coalesce(nullif(p.commercial_company_name, ''), p.company_name) FROM res_partner p WHERE p.id = r.partner_id;
-- One telephone number is left: the mobile one where there was no other, else it stays in schema legacy.
UPDATE event_registration SET phone = mobile WHERE coalesce(phone, '') = '' AND coalesce(mobile, '') <> '';
UPDATE event_registration SET mobile = NULL WHERE mobile = phone;
ALTER TABLE event_event_ticket ADD COLUMN IF NOT EXISTS sequence integer;
ALTER TABLE event_type_ticket ADD COLUMN IF NOT EXISTS sequence integer;
UPDATE event_event_ticket SET sequence = id;
UPDATE event_type_ticket SET sequence = id;
