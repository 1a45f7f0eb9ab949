/**
 * Text for a terminal: names in a dump may hold escape sequences that move the cursor, change the title or worse, and
 * characters that reverse the reading direction. They are shown by their number instead; line feeds and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
