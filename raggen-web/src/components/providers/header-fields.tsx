'use client'

import { Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useRef } from 'react'
import { flushSync } from 'react-dom'

import type { HeaderRows } from './header-rows'

import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { IconButton } from '@/components/ui/icon-button'

/** As many as a server takes. */
const MOST = 20

/** Headers that go with every request to a server: names, and values that are secrets. */
export function HeaderFields({ headers }: { headers: HeaderRows }) {
  const t = useTranslations('providers')
  const id = useId()
  const { rows, add, change, remove } = headers
  const list = useRef<HTMLUListElement>(null)
  const adder = useRef<HTMLButtonElement>(null)

  function addRow() {
    flushSync(add)
    list.current?.querySelector<HTMLElement>('li:last-child input')?.focus()
  }

  /** The pressed button goes with its row: the focus moves to the one that takes its place. */
  function removeRow(rowId: number) {
    const place = rows.findIndex((row) => row.id === rowId)
    flushSync(() => remove(rowId))
    const buttons = list.current?.querySelectorAll<HTMLElement>('button') ?? []
    const next = buttons[Math.min(place, buttons.length - 1)] ?? adder.current
    next?.focus()
  }

  return (
    <fieldset data-testid="server-headers" aria-describedby={`${id}-note`} className="min-w-0">
      <legend className="sr-only">{t('headers.title')}</legend>
      <p id={`${id}-note`} className="text-xs text-muted">
        {t('headers.note')}
      </p>
      <ul ref={list} className="space-y-2">
        {rows.map((row) => (
          <li
            key={row.id}
            data-testid="server-header"
            className="mt-2 grid grid-cols-[1fr_auto] items-end gap-2 sm:grid-cols-[2fr_3fr_auto]"
          >
            <Field
              id={`${id}-name-${row.id}`}
              label={t('headers.name')}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="X-Project"
              value={row.name}
              // The value that the server keeps belongs to this very name.
              readOnly={row.kept}
              data-testid="server-header-name"
              className="[&_input:read-only]:text-muted"
              onChange={(event) => change(row.id, { name: event.target.value })}
            />
            <Field
              id={`${id}-value-${row.id}`}
              label={t('headers.value')}
              type="password"
              autoComplete="new-password"
              spellCheck={false}
              placeholder={row.kept ? t('headers.kept') : undefined}
              value={row.value}
              data-testid="server-header-value"
              className="col-span-2 row-start-2 sm:col-span-1 sm:row-start-auto"
              onChange={(event) => change(row.id, { value: event.target.value })}
            />
            <IconButton
              label={row.name ? t('headers.removeNamed', { name: row.name }) : t('headers.remove')}
              data-testid="server-header-remove"
              onClick={() => removeRow(row.id)}
              className="mb-0.5"
            >
              <X aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      {rows.length < MOST && (
        <Button
          ref={adder}
          size="small"
          onClick={addRow}
          data-testid="server-header-add"
          className="mt-2"
        >
          <Plus aria-hidden /> {t('headers.add')}
        </Button>
      )}
    </fieldset>
  )
}
