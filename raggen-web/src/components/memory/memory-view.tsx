'use client'

import { useTranslations } from 'next-intl'
import { useRef } from 'react'

import { EmptyMemory } from './empty-memory'
import { MemoryDialogs } from './memory-dialogs'
import { countOf, type MemoryFilter, type MemoryPage } from './memory-item'
import { MemoryList } from './memory-list'
import { MemoryLoading } from './memory-loading'
import { MemoryNotes } from './memory-notes'
import { MemoryToolbar, type ShownChat } from './memory-toolbar'
import { SelectionBar } from './selection-bar'
import { useMemoryActions } from './use-memory-actions'
import { useMemoryDialogs } from './use-memory-dialogs'
import { useMemoryList } from './use-memory-list'
import { useOffset } from './use-offset'
import { useSelection } from './use-selection'
import { useShown } from './use-shown'

import { SidebarTrigger } from '@/components/sidebar/sidebar-trigger'

type MemoryViewProps = { initial: MemoryPage; filter: MemoryFilter; chat: ShownChat }

/** Everything that memory holds: to be searched, pinned, excluded, corrected and forgotten. */
export function MemoryView({ initial, ...first }: MemoryViewProps) {
  const t = useTranslations()
  const scroller = useRef<HTMLElement>(null)
  const [top, offset] = useOffset()
  const shown = useShown(first)
  const { filter, chat } = shown
  const query = shown.query.trim()
  const list = useMemoryList({ query, filter, chatId: chat?.id ?? null }, initial)
  const actions = useMemoryActions(list.replace)
  const selection = useSelection(list.items)
  const dialogs = useMemoryDialogs()
  const empty = list.items.length === 0 && list.failure === null

  const anew = (show: () => void) => {
    show()
    selection.clear()
    scroller.current?.scrollTo({ top: 0 })
  }

  return (
    <>
      <header className="flex h-14 shrink-0 items-center gap-2 px-3 md:px-4">
        <SidebarTrigger />
        <h1 className="min-w-0 flex-1 truncate text-[0.9375rem] font-medium md:pl-1">
          {t('memory.title')}
        </h1>
      </header>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <main
          ref={scroller}
          id="content"
          tabIndex={-1}
          aria-busy={list.loading === 'first'}
          className="min-h-0 flex-1 overflow-y-auto px-4 pb-24 outline-none"
        >
          <div className="mx-auto max-w-3xl">
            <div ref={top} className="space-y-3 pt-1 pb-1">
              <MemoryToolbar
                query={shown.query}
                filter={filter}
                chat={chat}
                counts={list.counts}
                onQuery={(value) => anew(() => shown.setQuery(value))}
                onFilter={(value) => anew(() => shown.setFilter(value))}
                onAllChats={() => anew(() => shown.setChat(null))}
              >
                <MemoryNotes
                  page={list}
                  searching={query !== '' && list.loading !== 'first'}
                  failure={actions.failure}
                  said={actions.said}
                />
              </MemoryToolbar>
            </div>
            {empty && list.loading === 'idle' && <EmptyMemory filter={filter} query={query} />}
            {!empty && (
              <MemoryList
                items={list.items}
                total={query === '' ? countOf(filter, list.counts) : null}
                selected={selection.ids}
                scroller={scroller}
                offset={offset}
                onNearEnd={list.loadMore}
                onSelect={selection.toggle}
                onPin={actions.pin}
                onExclude={actions.exclude}
                onTryAgain={actions.tryAgain}
                onCorrect={dialogs.correct}
                onForget={(item) => dialogs.forget([item], false)}
                onErase={(item) => dialogs.forget([item], true)}
                onProof={(item) => dialogs.prove([item], item.said === '')}
              />
            )}
            <MemoryLoading list={list} />
          </div>
        </main>
        {selection.items.length > 0 && (
          <SelectionBar
            selection={selection}
            onExclude={(excluded) => {
              actions.excludeAll([...selection.ids], excluded)
              selection.clear()
            }}
            onForget={() => dialogs.forget(selection.items, false)}
          />
        )}
      </div>
      <MemoryDialogs dialogs={dialogs} actions={actions} onForgotten={selection.clear} />
    </>
  )
}
