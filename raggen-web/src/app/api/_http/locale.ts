import { chooseLocale, LOCALE_COOKIE, type Locale } from '@/i18n/locale'

/** The language of whoever asks: chosen by cookie, else by the browser's own. */
export function localeOf(request: Request): Locale {
  const cookies = request.headers.get('cookie') ?? ''
  const cookie = new RegExp(`(?:^|;\\s*)${LOCALE_COOKIE}=(\\w+)`).exec(cookies)?.[1]
  return chooseLocale(cookie, request.headers.get('accept-language'))
}
