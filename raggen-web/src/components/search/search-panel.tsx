'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { optionGroups } from './options'
import { SearchField } from './search-field'
import { SearchNotice } from './search-notice'
import { SearchResults } from './search-results'
import { useFindings } from './use-findings'

import { useChatList } from '@/components/chats/chat-list-context'

type SearchPanelProps = { text: string; onText: (text: string) => void; onChoose: () => void }

/** The field, what was found, and what there is to say about it. */
export function SearchPanel({ text, onText, onChoose }: SearchPanelProps) {
  const t = useTranslations('search')
  const { chats } = useChatList()
  const { text: searched, findings, failure, searching, retry } = useFindings(text)
  const id = useId()
  const listId = `${id}-results`
  const optionId = (key: string) => `${id}-${key}`

  const typed = text.trim() !== ''
  const groups = typed && !findings ? [] : optionGroups(findings, chats)
  const keys = groups.flatMap(({ options }) => options.map(({ key }) => key))
  const [pointed, setPointed] = useState<string | null>(null)
  const active = pointed !== null && keys.includes(pointed) ? pointed : (keys[0] ?? null)

  function move(step: 1 | -1) {
    const at = active === null ? -1 : keys.indexOf(active)
    setPointed(keys.at((at + step + keys.length) % keys.length) ?? null)
  }

  function open() {
    // A result of what stood in the field before is not what Enter means.
    if (active !== null && !searching) document.getElementById(optionId(active))?.click()
  }

  return (
    <>
      <SearchField
        text={text}
        onText={(next) => {
          onText(next)
          setPointed(null)
        }}
        searching={searching}
        listId={listId}
        activeId={active === null ? undefined : optionId(active)}
        expanded={keys.length > 0}
        onMove={move}
        onEnter={open}
      />
      <p role="status" className="sr-only">
        {findings && !searching ? t('count', { count: keys.length }) : ''}
      </p>
      <div
        aria-busy={searching}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pt-1 pb-2"
      >
        <SearchNotice
          text={searched}
          findings={findings}
          failure={failure}
          nothingYet={!typed && chats.length === 0}
          onRetry={retry}
        />
        <SearchResults
          id={listId}
          groups={groups}
          activeKey={active}
          optionId={optionId}
          onPoint={setPointed}
          onChoose={onChoose}
        />
      </div>
    </>
  )
}
