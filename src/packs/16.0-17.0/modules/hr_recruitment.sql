ALTER TABLE hr_applicant ADD COLUMN IF NOT EXISTS email_normalized varchar;
UPDATE hr_applicant SET email_normalized = lower(trim(email_from)) WHERE trim(email_from) ~ '^[^@\s<>,;"]+@[^@\s<>,;"]+$';
