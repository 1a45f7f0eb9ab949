-- The address, the answers' address and the server of a message belong to the message now.
ALTER TABLE mail_message
  ADD COLUMN IF NOT EXISTS email_from varchar,
  ADD COLUMN IF NOT EXISTS reply_to varchar,
  ADD COLUMN IF NOT EXISTS mail_server_id integer;
UPDATE mail_message m
   SET email_from = coalesce(nullif(l.email_from, ''), m.email_from), reply_to = l.reply_to, mail_server_id = l.mail_server_id
  FROM mail_mail l WHERE l.mail_message_id = m.id;

ALTER TABLE mail_alias
  ADD COLUMN IF NOT EXISTS alias_contact varchar,
  ADD COLUMN IF NOT EXISTS alias_parent_model_id integer,
  ADD COLUMN IF NOT EXISTS alias_parent_thread_id integer;
UPDATE mail_alias SET alias_contact = 'everyone' WHERE alias_contact IS NULL;
UPDATE mail_alias a SET alias_parent_model_id = m.id, alias_parent_thread_id = g.id
  FROM mail_group g, ir_model m WHERE a.id = g.alias_id AND m.model = 'mail.group';
