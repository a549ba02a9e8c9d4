/** One character that is seen: neither space nor a control or formatting one, as a zero-width space. */
export const VISIBLE = /[^\s\p{Cc}\p{Cf}]/u

/** The text as any database keeps it: a lone surrogate is not UTF-8, and PostgreSQL refuses U+0000. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}
