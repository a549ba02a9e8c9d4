'use client'

import { useTranslations } from 'next-intl'
import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'

import { ShortcutsProvider } from './shortcuts-context'
import { Sidebar } from './sidebar'
import { SidebarDrawer } from './sidebar-drawer'
import { useNewChatShortcut } from './use-new-chat-shortcut'

import type { ChatSummary, Selection } from '@/components/api/wire'
import { ChatSessionsProvider } from '@/components/chat/chat-sessions-context'
import { ChatListProvider } from '@/components/chats/chat-list-context'
import { ProvidersProvider } from '@/components/providers/providers-context'
import { RatingsProvider } from '@/components/ratings/ratings-context'
import { SearchProvider } from '@/components/search/search-context'
import { SettingsProvider } from '@/components/settings/settings-context'
import { ToastsProvider } from '@/components/ui/toasts'

type ShellProps = {
  chats: ChatSummary[]
  /** There are more chats than these. */
  more: boolean
  selection: Selection
  children: ReactNode
}

/** What every page of the chat stands in: the sidebar, and the state that outlives a page. */
export function Shell({ chats, more, selection, children }: ShellProps) {
  const t = useTranslations()
  useNewChatShortcut()
  return (
    <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
      <ToastsProvider label={t('sidebar.notices')} closeLabel={t('sidebar.closeNotice')}>
        <ChatListProvider initial={chats} more={more}>
          <ProvidersProvider initial={selection}>
            <ChatSessionsProvider>
              <RatingsProvider>
                <SearchProvider>
                  <SettingsProvider>
                    <ShortcutsProvider>
                      <a
                        href="#content"
                        className="fixed top-2 left-2 z-60 -translate-y-16 rounded-lg bg-ink px-4 py-2 text-sm text-canvas focus-visible:translate-y-0"
                      >
                        {t('app.skipToContent')}
                      </a>
                      <div className="flex h-dvh overflow-clip">
                        <aside
                          aria-label={t('sidebar.label')}
                          className="hidden w-68 shrink-0 border-r md:block"
                        >
                          <Sidebar />
                        </aside>
                        <div className="flex min-w-0 flex-1 flex-col">
                          <SidebarDrawer>{children}</SidebarDrawer>
                        </div>
                      </div>
                    </ShortcutsProvider>
                  </SettingsProvider>
                </SearchProvider>
              </RatingsProvider>
            </ChatSessionsProvider>
          </ProvidersProvider>
        </ChatListProvider>
      </ToastsProvider>
    </Tooltip.Provider>
  )
}
