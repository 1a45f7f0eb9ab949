import type { Database } from '../../database/database.ts'

/**
 * Lets a message be sent at once that waits for its next try or was given up: to the backend, by mail, or both. False when
 * there is nothing of it left to send.
 */
export async function sendAgain({ pool }: Pick<Database, 'pool'>, message: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE service.ticket_message
        SET tries = CASE WHEN delivered_at IS NULL THEN 0 ELSE tries END,
            retry_at = CASE WHEN delivered_at IS NULL THEN now() ELSE retry_at END,
            given_up_at = CASE WHEN delivered_at IS NULL THEN NULL ELSE given_up_at END,
            -- With none it would count as one that was never news to anybody.
            mail_tries = CASE WHEN mailed_at IS NULL THEN 1 ELSE mail_tries END,
            mail_retry_at = CASE WHEN mailed_at IS NULL THEN now() ELSE mail_retry_at END,
            mail_given_up_at = CASE WHEN mailed_at IS NULL THEN NULL ELSE mail_given_up_at END
      WHERE id = $1 AND (delivered_at IS NULL OR mailed_at IS NULL)`,
    [message],
  )
  return rowCount === 1
}
