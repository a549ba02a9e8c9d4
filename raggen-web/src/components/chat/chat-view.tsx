'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

import { ChatHeader } from './chat-header'
import { Composer } from './composer'
import { Conversation } from './conversation'
import { useConversation } from './use-conversation'
import { useStopKey } from './use-stop-key'
import { Welcome } from './welcome'

import type { ChatMessage } from '@/chat/message'
import { useChatList } from '@/components/chats/chat-list-context'
import { ProviderChooser } from '@/components/providers/provider-chooser'
import { cn } from '@/components/ui/cn'

type ChatViewProps = {
  chatId: string
  initial: ChatMessage[]
  /** The title as the server knew it; the list in the sidebar may know a newer one. */
  title: string | null
  draftName: string
}

/** One chat: empty, with a welcome and the choice of who answers; or a conversation. */
export function ChatView({ chatId, initial, title, draftName }: ChatViewProps) {
  const t = useTranslations()
  const { chats } = useChatList()
  const field = useRef<HTMLTextAreaElement>(null)
  const conversation = useConversation(chatId, initial)
  const { messages, busy } = conversation
  useStopKey(busy, conversation.stop)

  const empty = messages.length === 0
  const known = chats.find((chat) => chat.id === chatId)?.title ?? title
  useEffect(() => {
    // Next sets the title with the page; a chat that has just begun, or was renamed, has no new page.
    if (known) document.title = t('chat.documentTitle', { title: known })
  }, [known, t])

  return (
    <>
      <ChatHeader title={empty ? null : known || t('chat.newTitle')} />
      <main
        id="content"
        tabIndex={-1}
        className={cn('flex min-h-0 flex-1 flex-col outline-none', empty && 'overflow-y-auto')}
      >
        {empty ? (
          <div className="mt-auto pt-6">
            <Welcome />
          </div>
        ) : (
          <Conversation
            chatId={chatId}
            messages={messages}
            busy={busy}
            refusal={conversation.refusal}
            onRetry={conversation.retry}
          />
        )}
        <div
          className={empty ? undefined : 'shrink-0 pb-[max(0.75rem,env(safe-area-inset-bottom))]'}
        >
          <Composer
            draftName={draftName}
            busy={busy}
            field={field}
            failure={conversation.unsent?.failure ?? null}
            onSend={conversation.send}
            onStop={conversation.stop}
          />
        </div>
        {empty && (
          <div className="mb-auto pt-8 pb-10">
            <ProviderChooser />
          </div>
        )}
      </main>
    </>
  )
}
