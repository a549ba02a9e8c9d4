'use client'

import { Check } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { RadioGroup } from 'radix-ui'

import { KIND_ICONS } from './kind-icons'

import type { ProviderKind } from '@/components/api/wire'
import { cn } from '@/components/ui/cn'

type ProviderCardProps = {
  kind: ProviderKind
  disabled?: boolean
  /** What exactly is chosen within this kind: a server's model. */
  detail?: string
  onClick?: () => void
  className?: string
}

/** One way to get an answer, with an honest sentence about it. */
export function ProviderCard({ kind, disabled, detail, onClick, className }: ProviderCardProps) {
  const t = useTranslations('providers')
  const Icon = KIND_ICONS[kind]
  return (
    <RadioGroup.Item
      value={kind}
      disabled={disabled}
      onClick={onClick}
      data-testid={`provider-card-${kind}`}
      className={cn(
        'group flex flex-col items-start rounded-2xl border bg-raised p-3.5 text-left transition-colors hover:border-line-strong disabled:cursor-not-allowed disabled:bg-surface data-[state=checked]:border-accent data-[state=checked]:ring-1 data-[state=checked]:ring-accent',
        className,
      )}
    >
      <span className="flex w-full items-start gap-2">
        <Icon
          aria-hidden
          className="mt-0.5 size-4 shrink-0 text-muted group-data-[state=checked]:text-accent"
        />
        <span className="min-w-0 flex-1 text-sm leading-5 font-medium">{t(`${kind}.name`)}</span>
        <span
          aria-hidden
          className="flex size-4.5 shrink-0 items-center justify-center rounded-full border border-line-strong text-accent-ink group-data-[state=checked]:border-accent group-data-[state=checked]:bg-accent"
        >
          <RadioGroup.Indicator>
            <Check className="size-3 stroke-3" />
          </RadioGroup.Indicator>
        </span>
      </span>
      {kind === 'local' && (
        <span className="mt-1.5 rounded-full border border-line-strong px-2 py-px text-[0.6875rem] font-medium text-muted">
          {t('local.badge')}
        </span>
      )}
      <span className="mt-1.5 text-[0.8125rem] leading-snug text-muted">{t(`${kind}.body`)}</span>
      {kind === 'local' && disabled && (
        <span className="mt-1.5 text-[0.8125rem] leading-snug text-caution">
          {t('local.unavailable')}
        </span>
      )}
      {detail && (
        <span className="mt-1.5 max-w-full truncate text-[0.8125rem] font-medium text-accent">
          {detail}
        </span>
      )}
    </RadioGroup.Item>
  )
}
