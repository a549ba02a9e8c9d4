/** The languages the interface speaks; the first is the one for who asks for neither. */
export const LOCALES = ['en', 'ru'] as const
export type Locale = (typeof LOCALES)[number]
export const LOCALE_COOKIE = 'RAGGEN_LOCALE'

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value)
}

/**
 * The language to show: what the person chose (cookie), else the best of `Accept-Language`
 * (RFC 9110 §12.5.4 weights), else English.
 */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(cookie)) return cookie
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const weight = parameters.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find(Boolean)
      return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return wanted.map(({ language }) => language).find(isLocale) ?? LOCALES[0]
}

/** For dates. Intl's plain `en` writes the month first; day first reads the same everywhere. */
export const DATE_LOCALE = { en: 'en-GB', ru: 'ru-RU' } as const satisfies Record<Locale, string>
