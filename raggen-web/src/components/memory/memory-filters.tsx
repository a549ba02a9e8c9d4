'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { RadioGroup } from 'radix-ui'

import { countOf, MEMORY_FILTERS, type MemoryCounts, type MemoryFilter } from './memory-item'

type MemoryFiltersProps = {
  filter: MemoryFilter
  counts: MemoryCounts
  onChange: (filter: MemoryFilter) => void
}

/** Which of memory's messages to show, with how many there are of each kind. */
export function MemoryFilters({ filter, counts, onChange }: MemoryFiltersProps) {
  const t = useTranslations('memory')
  const format = useFormatter()
  return (
    <RadioGroup.Root
      aria-label={t('filters')}
      value={filter}
      onValueChange={(value) => onChange(value as MemoryFilter)}
      className="flex flex-wrap gap-1.5"
    >
      {MEMORY_FILTERS.map((each) => {
        const count = countOf(each, counts)
        return (
          <RadioGroup.Item
            key={each}
            value={each}
            data-testid={`memory-filter-${each}`}
            data-count={count}
            aria-label={t('filterCount', { name: t(`filter.${each}`), count })}
            className="flex h-8 items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3 text-[0.8125rem] font-medium text-muted transition-colors hover:text-ink aria-checked:border-accent aria-checked:bg-accent-soft aria-checked:text-accent"
          >
            {t(`filter.${each}`)}
            {count > 0 && <span className="font-normal tabular-nums">{format.number(count)}</span>}
          </RadioGroup.Item>
        )
      })}
    </RadioGroup.Root>
  )
}
