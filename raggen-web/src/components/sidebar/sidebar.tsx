'use client'

import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'

import { chatIdOf } from './chat-id-of'
import { LocaleSwitch } from './locale-switch'
import { NewChatLink } from './new-chat-link'
import { PageLinks } from './page-links'
import { ThemeSwitch } from './theme-switch'

import { Mark } from '@/components/brand/mark'
import { ChatList } from '@/components/chats/chat-list'
import { SearchTrigger } from '@/components/search/search-trigger'
import { StatusLine } from '@/components/status/status-line'

/** Brand, new chat, all chats, language, theme, and how the memory is. */
export function Sidebar() {
  const t = useTranslations()
  return (
    <div className="flex h-full flex-col bg-surface">
      <div className="px-3 pt-3 pb-1">
        <p className="flex h-10 items-center gap-2.5 px-2 text-[1.0625rem] font-semibold tracking-tight">
          <Mark className="size-6" />
          {t('app.name')}
        </p>
        <div className="mt-2">
          <NewChatLink />
        </div>
        <div className="mt-1" data-closes-drawer>
          <SearchTrigger />
        </div>
      </div>
      <ChatList activeId={chatIdOf(usePathname())} />
      <div className="space-y-3 border-t px-3 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
        <PageLinks />
        <div
          role="group"
          aria-label={t('sidebar.settings')}
          className="flex items-center justify-between gap-2"
        >
          <LocaleSwitch />
          <ThemeSwitch />
        </div>
        <StatusLine />
      </div>
    </div>
  )
}
