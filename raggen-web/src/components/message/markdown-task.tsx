'use client'

import { useTranslations } from 'next-intl'

/** The box of an item in a list of tasks: ticked or not, said to a screen reader, never clicked. */
export function MarkdownTask({ checked = false }: { checked?: boolean }) {
  const t = useTranslations('message')
  return (
    <input
      type="checkbox"
      checked={checked}
      disabled
      readOnly
      aria-label={t(checked ? 'taskDone' : 'taskOpen')}
    />
  )
}
