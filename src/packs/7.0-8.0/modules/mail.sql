-- The address, the answers' address and the server of a message belong to the message now.
ALTER TABLE mail_message
  ADD COLUMN IF NOT EXISTS email_from varchar,
  ADD COLUMN IF NOT EXISTS reply_to varchar,
  ADD COLUMN IF NOT EXISTS mail_server_id integer;
UPDATE mail_message m
   SET email_from = coalesce(l.email_from, m.email_from), reply_to = l.reply_to, mail_server_id = l.mail_server_id
  FROM (SELECT mail_message_id, (array_agg(email_from ORDER BY id) FILTER (WHERE email_from <> ''))[1] AS email_from,
               (array_agg(reply_to ORDER BY id) FILTER (WHERE reply_to <> ''))[1] AS reply_to,
               (array_agg(mail_server_id ORDER BY id) FILTER (WHERE mail_server_id IS NOT NULL))[1] AS mail_server_id
          FROM mail_mail GROUP BY mail_message_id) l
 WHERE l.mail_message_id = m.id;

ALTER TABLE mail_alias
  ADD COLUMN IF NOT EXISTS alias_contact varchar,
  ADD COLUMN IF NOT EXISTS alias_parent_model_id integer,
  ADD COLUMN IF NOT EXISTS alias_parent_thread_id integer;
UPDATE mail_alias SET alias_contact = 'everyone' WHERE alias_contact IS NULL;
UPDATE mail_alias a SET alias_parent_model_id = m.id, alias_parent_thread_id = g.id
  FROM mail_group g, ir_model m WHERE a.id = g.alias_id AND m.model = 'mail.group';

-- So is a user, whose mails go to the user.
UPDATE mail_alias a SET alias_parent_model_id = m.id, alias_parent_thread_id = u.id
  FROM res_users u, ir_model m WHERE a.id = u.alias_id AND m.model = 'res.users';

-- Suggestions of groups are shown to those who do not refuse them.
ALTER TABLE res_users ADD COLUMN IF NOT EXISTS display_groups_suggestions boolean;
UPDATE res_users SET display_groups_suggestions = true WHERE display_groups_suggestions IS NULL;

-- Answers to what was written go to its thread; kinds of messages are shown and have the place of new ones.
ALTER TABLE mail_message ADD COLUMN IF NOT EXISTS no_auto_thread boolean DEFAULT false;
ALTER TABLE mail_message ALTER COLUMN no_auto_thread DROP DEFAULT;
ALTER TABLE mail_message_subtype ADD COLUMN IF NOT EXISTS sequence integer, ADD COLUMN IF NOT EXISTS hidden boolean;
UPDATE mail_message_subtype SET sequence = coalesce(sequence, 1), hidden = coalesce(hidden, false);

-- What people wrote last about each record: the facts name the models that keep its date.
CREATE TEMP TABLE last_post ON COMMIT DROP AS
SELECT model::text, res_id, max(date) AS value
  FROM mail_message WHERE type IN ('email', 'comment') AND model <> '' AND res_id <> 0 GROUP BY model, res_id;
-- The newest message of each subtype about a record: documents take the day of their last change of stage from it.
CREATE TEMP TABLE last_of_subtype ON COMMIT DROP AS
SELECT m.model::text, m.res_id, d.module || '.' || d.name AS subtype, max(m.date) AS date
  FROM mail_message m
  JOIN ir_model_data d ON d.model = 'mail.message.subtype' AND d.res_id = m.subtype_id
 WHERE m.model <> '' AND m.res_id <> 0 AND m.date IS NOT NULL
 GROUP BY m.model, m.res_id, d.module, d.name;

-- A partner follows a record once: pickings had up to three models for one record. What any of the entries asked for stays.
CREATE TEMP TABLE follower_twice ON COMMIT DROP AS
SELECT id, first FROM (SELECT id, min(id) OVER (PARTITION BY res_model, res_id, partner_id) AS first FROM mail_followers) f WHERE id <> first;
UPDATE mail_followers_mail_message_subtype_rel r SET mail_followers_id = f.first
  FROM (SELECT DISTINCT ON (t.first, s.mail_message_subtype_id) t.id, t.first, s.mail_message_subtype_id
          FROM follower_twice t JOIN mail_followers_mail_message_subtype_rel s ON s.mail_followers_id = t.id
         ORDER BY t.first, s.mail_message_subtype_id, t.id) f
 WHERE r.mail_followers_id = f.id AND r.mail_message_subtype_id = f.mail_message_subtype_id
   AND NOT EXISTS (SELECT FROM mail_followers_mail_message_subtype_rel o
                    WHERE o.mail_followers_id = f.first AND o.mail_message_subtype_id = f.mail_message_subtype_id);
DELETE FROM mail_followers_mail_message_subtype_rel r USING follower_twice t WHERE r.mail_followers_id = t.id;
DELETE FROM mail_followers f USING follower_twice t WHERE f.id = t.id;
INSERT INTO uplift.taken SELECT 'mail_followers', count(*), 'the same follower of the same record' FROM follower_twice HAVING count(*) > 0;
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'model', 'mail.followers', 'followed the record twice', jsonb_build_object('rows', count(*)) FROM follower_twice HAVING count(*) > 0;
