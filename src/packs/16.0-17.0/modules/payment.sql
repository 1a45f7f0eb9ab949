-- Tokens and transactions name the method of payment: the one that bears the provider's name, else the one for the unknown.
ALTER TABLE payment_method ADD COLUMN IF NOT EXISTS code varchar, ADD COLUMN IF NOT EXISTS active boolean;
ALTER TABLE payment_token ADD COLUMN IF NOT EXISTS payment_method_id integer;
ALTER TABLE payment_transaction ADD COLUMN IF NOT EXISTS payment_method_id integer;
INSERT INTO payment_method (name, code, sequence, active)
SELECT 'Unknown', 'unknown', 1000, false
 WHERE EXISTS (SELECT FROM payment_token UNION ALL SELECT FROM payment_transaction) AND NOT EXISTS (SELECT FROM payment_method WHERE code = 'unknown');
INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
SELECT 'payment', 'payment_method_unknown', 'payment.method', id, true FROM payment_method
 WHERE code = 'unknown' AND NOT EXISTS (SELECT FROM ir_model_data WHERE module = 'payment' AND name = 'payment_method_unknown');
CREATE TEMP TABLE method_of_provider ON COMMIT DROP AS
SELECT p.id AS provider_id, coalesce(
         (SELECT min(m.id) FROM payment_method m WHERE lower(m.name) = lower(p.code)),
         (SELECT min(m.id) FROM payment_method m WHERE m.code = 'unknown')) AS method_id
  FROM payment_provider p;
UPDATE payment_token t SET payment_method_id = m.method_id FROM method_of_provider m WHERE m.provider_id = t.provider_id;
UPDATE payment_transaction t SET payment_method_id = m.method_id FROM method_of_provider m WHERE m.provider_id = t.provider_id;
