import type { DumpHead } from '../dump.ts'
import { foreign, unsupported } from '../failures.ts'

/** What begins a line of a dump as pg_dump and other programs write it. */
const SQL_LINE =
  /^\s*(--|\/\*|\\(restrict|connect|unrestrict)\b|(set|create|copy|insert|begin|start|select|alter|drop|comment|grant|revoke|lock|truncate|do|update|delete)\b)/im

/** Whether the first bytes of a file are SQL text; throws for text that is known to be something else. */
export function checkPlainText(first: Buffer): void {
  if (first.length >= 2 && (first.readUInt16BE(0) === 0xfffe || first.readUInt16BE(0) === 0xfeff))
    throw unsupported(
      'The dump is text in UTF-16, as PowerShell writes it with ">": make it with pg_dump --file=NAME instead.',
    )
  const text = first.toString('latin1')
  if (/^-- (MySQL|MariaDB) dump/m.test(text)) throw foreign('it is a dump of MySQL or MariaDB')
  if (/^\s*(<!doctype|<html|<\?xml|\{|\[)/i.test(text))
    throw foreign('it is a web page or data of another kind')
  if (first.includes(0) || !SQL_LINE.test(text))
    throw foreign('neither its first bytes nor its text are those of a dump')
}

/** What the first lines of a plain dump say about it. Only lines before the first object count. */
export function readPlainHead(first: Buffer, layers: string[]): DumpHead {
  const text = first.toString('latin1')
  const end = /^(CREATE|COPY|INSERT|ALTER|--\n-- Name: )/m.exec(text)?.index ?? text.length
  const top = text.slice(0, end)
  const line = (pattern: RegExp) => pattern.exec(top)?.[1] ?? null
  return {
    layers: [...layers, 'sql'],
    format: 'plain',
    archiveVersion: null,
    serverVersion: line(/^-- Dumped from database version (\S+)/m),
    pgDumpVersion: line(/^-- Dumped by pg_dump version (\S+)/m),
    databaseName: line(/^\\connect (?:-reuse-previous=on )?"?(?:dbname=')?([^"'\n]+)/m),
    createdAt: line(/^-- Started on (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/m)?.replace(' ', 'T') ?? null,
    encoding: line(/^SET client_encoding = '([^']+)'/m),
    standardConformingStrings: line(/^SET standard_conforming_strings = (\w+)/m) !== 'off',
    compression: 'none',
    manifest: null,
  }
}
