/** The text as any database keeps it: a lone surrogate is not UTF-8, and PostgreSQL refuses U+0000. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}
