import type { Queryable } from '../database/database.ts'

/** Upper bounds in seconds. */
const BUCKETS = [1, 5, 15, 60, 300, 900, 3600, 14_400]
const NAME = 'uplift_stage_seconds'

interface StageSeconds {
  stage: string
  count: number
  sum: number
  /** Stages that took at most as long as each of the bounds. */
  within: number[]
}

/** A histogram of all finished stages in Prometheus's form. It is counted by the database, so that no server has to see them all. */
export async function stageSeconds(database: Queryable): Promise<string> {
  const { rows } = await database.query<StageSeconds>(
    `SELECT name AS stage, count(*)::int AS count, sum(seconds) AS sum,
            ARRAY(SELECT count(*) FILTER (WHERE s <= bound)::int
                    FROM unnest($1::float8[]) WITH ORDINALITY AS bucket (bound, place), unnest(array_agg(seconds)) AS s
                   GROUP BY place, bound ORDER BY place) AS within
       FROM service.stage
      WHERE state = 'done' AND seconds IS NOT NULL
      GROUP BY name
      ORDER BY name`,
    [BUCKETS],
  )
  const lines = rows.flatMap(({ stage, count, sum, within }) => [
    ...BUCKETS.map((bound, i) => `${NAME}_bucket{stage=${quoted(stage)},le="${bound}"} ${within[i]}`),
    `${NAME}_bucket{stage=${quoted(stage)},le="+Inf"} ${count}`,
    `${NAME}_sum{stage=${quoted(stage)}} ${sum}`,
    `${NAME}_count{stage=${quoted(stage)}} ${count}`,
  ])
  return `# HELP ${NAME} Time of finished stages of upgrades.\n# TYPE ${NAME} histogram\n${lines.map((line) => `${line}\n`).join('')}`
}

/** A label's value, as Prometheus's text format escapes it. */
function quoted(value: string): string {
  return `"${value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))}"`
}
