import { z } from 'zod'
import type { Failure } from '../../requests/request.ts'
import { type FailureReason, failureReasons, invalidValue, missingParameter } from '../failures.ts'
import type { Parameters } from './parameters.ts'

/**
 * Holds parameters against a schema of strings, field by field in its order.
 * @returns the values that are valid, and a failure X:MISSING or X:INVALID for each other
 */
export function checkParameters<T extends z.ZodRawShape>(
  schema: z.ZodObject<T>,
  given: Parameters,
): { values: Partial<z.output<z.ZodObject<T>>>; failures: Failure[] } {
  const failures: Failure[] = []
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(schema.shape)) {
    const type = field as z.ZodType
    const value = given.get(name)
    const expected = type instanceof z.ZodEnum ? type.options.map(String) : undefined
    if (value === undefined) {
      if (!type.safeParse(undefined).success)
        failures.push(missingParameter(reasonOf(name, 'MISSING'), name, expected))
    } else if (type.safeParse(value).success) values[name] = value
    else failures.push(invalidValue(reasonOf(name, 'INVALID'), value, expected))
  }
  return { values: values as Partial<z.output<z.ZodObject<T>>>, failures }
}

function reasonOf(name: string, problem: 'MISSING' | 'INVALID'): FailureReason {
  const reason = `${name.toUpperCase()}:${problem}`
  if (reason in failureReasons) return reason as FailureReason
  throw new Error(`there is no failure ${reason}`)
}
