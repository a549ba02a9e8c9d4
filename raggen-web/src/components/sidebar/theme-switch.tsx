'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTheme } from 'next-themes'
import { useSyncExternalStore } from 'react'

import { Segments } from '@/components/ui/segments'

const THEMES = [
  { value: 'light', Icon: Sun },
  { value: 'dark', Icon: Moon },
  { value: 'system', Icon: Monitor },
] as const

const never = () => () => {}

/** Light, dark, or what the system says. */
export function ThemeSwitch() {
  const t = useTranslations('theme')
  const { theme, setTheme } = useTheme()
  // The server does not know the choice (it is in the browser): nothing is marked until hydration.
  const hydrated = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  return (
    <Segments
      label={t('label')}
      value={hydrated ? (theme ?? 'system') : null}
      onChange={setTheme}
      segments={THEMES.map(({ value, Icon }) => ({
        value,
        label: t(value),
        content: <Icon aria-hidden />,
        testId: `theme-${value}`,
      }))}
    />
  )
}
