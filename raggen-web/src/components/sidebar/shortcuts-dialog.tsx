'use client'

import { useTranslations } from 'next-intl'

import { SHORTCUTS } from './shortcuts'
import { useIsApple } from './use-is-apple'

import { Dialog, DialogContent } from '@/components/ui/dialog'

type ShortcutsDialogProps = { open: boolean; onOpenChange: (open: boolean) => void }

/** All keys, by where they work. */
export function ShortcutsDialog({ open, onOpenChange }: ShortcutsDialogProps) {
  const t = useTranslations('shortcuts')
  const apple = useIsApple()
  const nameOf = (key: string) => {
    if (key === 'Mod') return apple ? '⌘' : 'Ctrl'
    if (key === 'Alt' && apple) return '⌥'
    if (key === 'Shift' && apple) return '⇧'
    return key === 'Escape' ? 'Esc' : key
  }
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t('title')}
        description={t('description')}
        closeLabel={t('close')}
        data-testid="shortcuts"
      >
        {/* Focusable: nothing in it is, and a low window has to scroll it. */}
        <div tabIndex={0} className="gap-x-10 outline-offset-8 sm:columns-2">
          {SHORTCUTS.map(({ place, keys }) => (
            <section key={place} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-xs font-medium text-muted">{t(`places.${place}`)}</h3>
              <dl className="text-sm">
                {keys.map(({ name, keys: combination }) => (
                  <div key={name} className="flex items-center justify-between gap-4 py-1">
                    <dt>{t(`names.${name}`)}</dt>
                    <dd className="flex shrink-0 gap-1">
                      {combination.map((key) => (
                        <kbd
                          key={key}
                          className="min-w-6 rounded-md border border-line-strong bg-surface px-1.5 py-0.5 text-center font-sans text-xs"
                        >
                          {nameOf(key)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogContent>
    </Dialog>
  )
}
