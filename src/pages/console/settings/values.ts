import type { SettingName, Settings } from '../../../config/settings.ts'

export type SettingValue = string | number | boolean | null | undefined

/**
 * What each variable is in effect; null for one that says nothing. Those that hold a secret are here only as whether they
 * are set.
 */
export function settingValues(settings: Settings): Readonly<Record<SettingName, SettingValue>> {
  const { storage, tickets, mail, env } = settings
  const s3 = storage.kind === 's3' ? storage : null
  const odoo = tickets.kind === 'odoo' ? tickets : null
  const webhook = tickets.kind === 'webhook' ? tickets : null
  return {
    UPLIFT_HOST: settings.host,
    UPLIFT_PORT: settings.port,
    UPLIFT_DATA: settings.dataFolder,
    UPLIFT_PUBLIC_URL: settings.publicUrl,
    UPLIFT_REGION: settings.region,
    UPLIFT_PG_URL: settings.postgresUrl !== null,
    UPLIFT_PG_BIN: env.UPLIFT_PG_BIN,
    UPLIFT_TRUST_PROXY: settings.trustProxy,
    UPLIFT_MAX_UPLOAD: settings.maxUpload,
    UPLIFT_UPLOAD_HOURS: settings.uploadHours,
    UPLIFT_RETENTION_DAYS: settings.retentionDays,
    UPLIFT_WORKERS: settings.workers,
    UPLIFT_CONCURRENCY: settings.concurrency,
    UPLIFT_JOBS: settings.jobs,
    UPLIFT_GUESSES: settings.guesses,
    UPLIFT_LOG_LEVEL: settings.logLevel,
    UPLIFT_STORAGE: storage.kind,
    UPLIFT_S3_BUCKET: s3?.bucket,
    UPLIFT_S3_ENDPOINT: s3?.endpoint,
    UPLIFT_S3_REGION: s3?.region,
    UPLIFT_S3_PREFIX: s3?.prefix,
    UPLIFT_S3_PATH_STYLE: s3?.pathStyle,
    UPLIFT_S3_ACCESS_KEY: s3?.credentials?.accessKeyId,
    UPLIFT_S3_SECRET_KEY: s3?.credentials !== undefined,
    UPLIFT_TICKETS: tickets.kind,
    UPLIFT_WEBHOOK_URL: webhook && withoutPassword(webhook.url),
    UPLIFT_WEBHOOK_SECRET: webhook !== null,
    UPLIFT_ODOO_URL: odoo && withoutPassword(odoo.url),
    UPLIFT_ODOO_DATABASE: odoo?.database,
    UPLIFT_ODOO_USER: odoo?.user,
    UPLIFT_ODOO_PASSWORD: odoo !== null,
    UPLIFT_ODOO_MODEL: odoo?.model,
    UPLIFT_ODOO_PROJECT: odoo?.project,
    UPLIFT_SMTP_URL: mail !== null,
    UPLIFT_MAIL_FROM: mail?.from,
    UPLIFT_METRICS_TOKEN: settings.metricsToken !== null,
    UPLIFT_STOP_SECONDS: settings.stopSeconds,
  }
}

/** An address may have a user and a password in it, or a token behind its "?". */
function withoutPassword(address: string): string {
  const url = new URL(address)
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`
}
