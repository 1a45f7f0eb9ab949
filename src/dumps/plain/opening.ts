/**
 * The settings that a plain dump begins with and that its lines rely on, as far as a server has them. The figures are
 * major versions as `majorNumber` gives them; the servers of 8.4 and older have all that stands at 0.
 */
export function openingSettings(options: {
  /** Major version of the oldest server that has to take them. */
  target: number
  encoding: string
  standardConformingStrings: boolean
  /** Whether all names in the dump carry their schema. */
  qualified: boolean
}): string {
  const { target, encoding, standardConformingStrings, qualified } = options
  const since: [number, string][] = [
    [0, 'SET statement_timeout = 0;'],
    [9.03, 'SET lock_timeout = 0;'],
    [9.06, 'SET idle_in_transaction_session_timeout = 0;'],
    [17, 'SET transaction_timeout = 0;'],
    [0, `SET client_encoding = '${encoding}';`],
    [0, `SET standard_conforming_strings = ${standardConformingStrings ? 'on' : 'off'};`],
    ...(standardConformingStrings ? [] : [[0, 'SET escape_string_warning = off;'] as [number, string]]),
    ...(qualified
      ? [[0, "SELECT pg_catalog.set_config('search_path', '', false);"] as [number, string]]
      : []),
    [0, 'SET check_function_bodies = false;'],
    [0, 'SET xmloption = content;'],
    [0, 'SET client_min_messages = warning;'],
    [9.05, 'SET row_security = off;'],
    [0, "SET default_tablespace = '';"],
    [12, 'SET default_table_access_method = heap;'],
  ]
  return since
    .filter(([first]) => target >= first)
    .map(([, line]) => `${line}\n`)
    .join('')
}
