-- An applicant may answer any number of times: the answers name the applicant.
ALTER TABLE survey_user_input ADD COLUMN IF NOT EXISTS applicant_id integer;
UPDATE survey_user_input i SET applicant_id = a.id FROM hr_applicant a WHERE a.response_id = i.id;
