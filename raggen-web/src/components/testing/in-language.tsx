import { cleanup, render, type RenderResult } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import { Tooltip } from 'radix-ui'
import type { ReactElement } from 'react'
import { afterEach, vi } from 'vitest'

import en from '../../../messages/en'
import ru from '../../../messages/ru'

const MESSAGES = { en, ru }

export type TestLocale = keyof typeof MESSAGES

// The browser's own time zone decides what a person sees.
process.env.TZ = 'Europe/Moscow'

// jsdom has neither; components ask both.
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
)
vi.stubGlobal('matchMedia', () => ({ matches: false }))

afterEach(() => {
  cleanup()
  localStorage.clear()
})

/** Renders as the app does, in this language and in Moscow; a sentence that is missing fails the test. */
export function renderIn(locale: TestLocale, element: ReactElement): RenderResult {
  return render(
    <NextIntlClientProvider
      locale={locale}
      messages={MESSAGES[locale]}
      timeZone="Europe/Moscow"
      now={new Date('2026-11-23T09:00:00Z')}
      onError={(error) => {
        throw error
      }}
    >
      <Tooltip.Provider>{element}</Tooltip.Provider>
    </NextIntlClientProvider>,
  )
}
