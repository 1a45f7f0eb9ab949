import { NOWHERE, type Switch } from './switch.ts'

/** Scheduled actions, and messages that come in, go out or wait to. */
export const mail: readonly Switch[] = [
  {
    table: 'ir_cron',
    set: { active: 'false' },
    where: `NOT EXISTS (SELECT FROM public.ir_model_data d WHERE d.model = 'ir.cron' AND d.res_id = t.id
                           AND d.module = 'base' AND d.name IN ('autovacuum_job', 'cronjob_osv_memory_autovacuum'))`,
    why: 'what runs by itself; the job that clears away old temporary records may',
  },
  {
    table: 'ir_mail_server',
    set: { active: 'false', smtp_host: `'invalid'` },
    empty: ['smtp_pass'],
    secrets: true,
    where: `t.smtp_host IS DISTINCT FROM 'invalid'`,
    needs: ['smtp_host'],
    why: 'outgoing mail; a message may name its server, so that an inactive one without an address is needed',
  },
  {
    table: 'fetchmail_server',
    set: { active: 'false' },
    secrets: true,
    why: 'incoming mail: the copy would take away messages that the live database waits for',
  },
  {
    table: 'email_server',
    set: { active: 'false' },
    secrets: true,
    why: 'incoming mail of 6.0',
  },
  {
    table: 'email_template_account',
    set: { state: `'suspended'`, smtpserver: `'invalid'` },
    empty: ['smtppass', 'smtpuname'],
    why: 'outgoing mail of 6.0',
  },
  {
    table: 'email_template_mailbox',
    set: { folder: `'drafts'` },
    where: `t.folder = 'outbox'`,
    why: 'mail of 6.0 that waits to be sent',
  },
  {
    table: 'mail_message',
    set: { state: `'cancel'` },
    where: `t.state = 'outgoing'`,
    why: 'mail of 6.1 that waits to be sent',
  },
  {
    table: 'mail_mail',
    set: { state: `'cancel'` },
    where: `t.state = 'outgoing'`,
    why: 'mail that waits to be sent',
  },
  ...['email_template', 'mail_template', 'mail_mass_mailing', 'mailing_mailing'].map((table) => ({
    table,
    empty: ['mail_server_id'],
    why: 'a server that is off: messages go to the one that leads nowhere',
  })),
  {
    table: 'mail_mass_mailing',
    set: { state: `'draft'` },
    where: `t.state IN ('in_queue', 'sending')`,
    why: 'mailings that wait to be sent',
  },
  {
    table: 'mailing_mailing',
    set: { state: `'draft'` },
    where: `t.state IN ('in_queue', 'sending')`,
    why: 'mailings that wait to be sent',
  },
  {
    table: 'sms_sms',
    set: { state: `'canceled'` },
    where: `t.state IN ('outgoing', 'process')`,
    why: 'text messages that wait to be sent',
  },
  {
    table: 'snailmail_letter',
    set: { state: `'canceled'` },
    where: `t.state = 'pending'`,
    why: 'letters that wait to be printed and posted',
  },
  ...['mail_partner_device', 'mail_push_device'].map((table) => ({
    table,
    set: { endpoint: `'${NOWHERE}/' || t.id` },
    why: 'browsers that get push messages',
  })),
  {
    table: 'mail_ice_server',
    empty: ['username', 'credential'],
    why: 'relays of calls that are paid for',
  },
  { table: 'discuss_channel', empty: ['sfu_server_url'], why: 'the server of a call' },
]
