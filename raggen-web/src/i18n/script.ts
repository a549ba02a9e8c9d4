import type { Locale } from './locale'

/** The language of a text by its script: mostly Cyrillic → ru, mostly Latin → en, no letters → null. */
export function languageByScript(text: string): Locale | null {
  const cyrillic = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  if (cyrillic + latin === 0) return null
  return cyrillic >= latin ? 'ru' : 'en'
}
