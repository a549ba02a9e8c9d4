'use client'

import { useTranslations } from 'next-intl'
import { RadioGroup } from 'radix-ui'

import { KIND_ICONS, SERVER_KINDS } from './kind-icons'

import type { ServerKind } from '@/components/api/wire'

type KindTabsProps = { kind: ServerKind; onChange: (kind: ServerKind) => void }

/** Which kind of server the panel below is about. */
export function KindTabs({ kind, onChange }: KindTabsProps) {
  const t = useTranslations('providers')
  return (
    <RadioGroup.Root
      aria-label={t('kindLabel')}
      value={kind}
      onValueChange={(next) => onChange(next as ServerKind)}
      className="grid grid-cols-3 gap-1 rounded-xl bg-hover p-1"
    >
      {SERVER_KINDS.map((each) => {
        const Icon = KIND_ICONS[each]
        return (
          <RadioGroup.Item
            key={each}
            value={each}
            data-testid={`server-kind-${each}`}
            className="flex min-h-8 min-w-0 items-center justify-center gap-1.5 rounded-lg px-1.5 text-[0.8125rem] font-medium text-muted transition-colors hover:text-ink aria-checked:bg-raised aria-checked:text-ink aria-checked:shadow-lift dark:aria-checked:bg-line-strong"
          >
            <Icon aria-hidden className="hidden size-3.5 shrink-0 sm:block" />
            <span className="truncate">{t(`${each}.name`)}</span>
          </RadioGroup.Item>
        )
      })}
    </RadioGroup.Root>
  )
}
