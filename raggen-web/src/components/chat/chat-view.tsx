'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'

import { AnswerActionsProvider } from './answer-actions-context'
import { ChatHeader } from './chat-header'
import { Composer } from './composer'
import { Conversation } from './conversation'
import type { ShownPart } from './shown-part'
import { useChatChoice } from './use-chat-choice'
import { useConversation } from './use-conversation'
import { useMessageActions } from './use-message-actions'
import { useStopKey } from './use-stop-key'
import { Welcome } from './welcome'

import type { Selection } from '@/components/api/wire'
import { useChatList } from '@/components/chats/chat-list-context'
import { MessageActionsProvider } from '@/components/message/message-actions-context'
import { usePreview } from '@/components/preview/use-preview'
import { ChoiceProvider } from '@/components/providers/choice-context'
import { ChoiceNotice } from '@/components/providers/choice-notice'
import { ProviderChooser } from '@/components/providers/provider-chooser'
import { ProviderPicker } from '@/components/providers/provider-picker'
import { ChatSettingsPanel } from '@/components/settings/chat-settings-panel'
import { useChatSettings } from '@/components/settings/use-chat-settings'
import { cn } from '@/components/ui/cn'

type ChatViewProps = {
  chatId: string
  initial: ShownPart
  /** The title as the server knew it; the list in the sidebar may know a newer one. */
  title: string | null
  draftName: string
  /** Who the chat chose to answer, as the server knew it; undefined: nobody of its own. */
  selection?: Selection
}

/** One chat: empty, with a welcome and the choice of who answers; or a conversation. */
export function ChatView({ chatId, initial, title, draftName, selection }: ChatViewProps) {
  const t = useTranslations()
  const { chats } = useChatList()
  const field = useRef<HTMLTextAreaElement>(null)
  const conversation = useConversation(chatId, initial)
  const { messageActions, answerActions, startEditing } = useMessageActions(conversation)
  const { messages, busy } = conversation
  useStopKey(busy, conversation.stop)

  const empty = messages.length === 0
  const settings = useChatSettings(chatId, empty)
  const preview = usePreview(chatId, empty)
  const choice = useChatChoice(chatId, empty, selection)
  const [picking, setPicking] = useState(false)
  const chat = chats.find(({ id }) => id === chatId)
  const known = chat?.title ?? title
  useEffect(() => {
    // Next sets the title with the page; a chat that has just begun, or was renamed, has no new page.
    if (known) document.title = t('chat.documentTitle', { title: known })
  }, [known, t])

  async function send(text: string): Promise<boolean> {
    if (!(await preview.confirm(text))) return false
    return conversation.send(text, settings.forFirstMessage())
  }

  function editLast() {
    const asked = messages.findLast(({ role }) => role === 'user')
    if (asked && !busy) startEditing(asked.id)
  }

  return (
    <ChoiceProvider choice={choice}>
      <ChatHeader
        title={empty ? null : known || t('chat.newTitle')}
        excluded={!!chat?.excludedAt}
      />
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
          <AnswerActionsProvider actions={answerActions}>
            <MessageActionsProvider actions={messageActions}>
              <Conversation
                chatId={chatId}
                messages={messages}
                busy={busy}
                refusal={conversation.refusal}
                onRetry={conversation.retry}
                isShown={conversation.isShown}
                readAllEarlier={conversation.readAllEarlier}
                showBranch={conversation.showBranch}
                onLeave={() => field.current?.focus()}
              />
            </MessageActionsProvider>
          </AnswerActionsProvider>
        )}
        <div
          className={empty ? undefined : 'shrink-0 pb-[max(0.75rem,env(safe-area-inset-bottom))]'}
        >
          <ChoiceNotice onChoose={() => setPicking(true)} />
          <Composer
            draftName={draftName}
            busy={busy}
            field={field}
            failure={conversation.unsent?.failure ?? null}
            onSend={send}
            onStop={conversation.stop}
            onEditLast={editLast}
            tools={
              <>
                <ProviderPicker open={picking} onOpenChange={setPicking} />
                <ChatSettingsPanel chatId={chatId} isNew={empty} />
              </>
            }
          />
          {preview.dialog}
        </div>
        {empty && (
          <div className="mb-auto pt-8 pb-10">
            <ProviderChooser />
          </div>
        )}
      </main>
    </ChoiceProvider>
  )
}
