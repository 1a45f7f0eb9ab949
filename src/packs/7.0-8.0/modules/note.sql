-- A note is its writer's.
ALTER TABLE note_note ADD COLUMN IF NOT EXISTS user_id integer;
UPDATE note_note SET user_id = create_uid WHERE user_id IS NULL;
