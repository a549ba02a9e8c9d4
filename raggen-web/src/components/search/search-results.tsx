'use client'

import { MessageSquare } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId } from 'react'

import { FoundMessage } from './found-message'
import type { Group } from './options'
import { SearchOption } from './search-option'

import { Moment } from '@/components/time/moment'

type SearchResultsProps = {
  id: string
  groups: Group[]
  activeKey: string | null
  optionId: (key: string) => string
  onPoint: (key: string) => void
  onChoose: () => void
}

/** The list below the field: chats by their titles, then messages, best first. */
export function SearchResults(props: SearchResultsProps) {
  const { id, groups, activeKey, optionId, onPoint, onChoose } = props
  const t = useTranslations()
  const headingId = useId()
  return (
    <div role="listbox" id={id} aria-label={t('search.results')} data-testid="search-results">
      {groups.map(({ heading, options }) => (
        <div
          key={heading}
          role="group"
          aria-labelledby={`${headingId}-${heading}`}
          className="pb-2"
        >
          <div
            id={`${headingId}-${heading}`}
            role="presentation"
            className="px-3 pt-2 pb-1 text-xs font-medium text-muted"
          >
            {t(`search.${heading}`)}
          </div>
          {options.map((option) => (
            <SearchOption
              key={option.key}
              id={optionId(option.key)}
              href={option.href}
              active={option.key === activeKey}
              onPoint={() => onPoint(option.key)}
              onChoose={onChoose}
              testId={option.kind === 'chat' ? 'search-chat' : 'search-message'}
            >
              {option.kind === 'message' ? (
                <FoundMessage message={option.message} />
              ) : (
                <span className="flex items-center gap-2.5 text-sm">
                  <MessageSquare aria-hidden className="size-4 shrink-0 text-muted" />
                  <span className="min-w-0 flex-1 truncate">
                    {option.chat.title || t('sidebar.untitled')}
                  </span>
                  <span className="shrink-0 text-xs text-muted max-sm:hidden">
                    <Moment at={option.chat.updatedAt} style="full" />
                  </span>
                </span>
              )}
            </SearchOption>
          ))}
        </div>
      ))}
    </div>
  )
}
