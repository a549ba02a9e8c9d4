'use client'

import { useTranslations } from 'next-intl'

import { AnswerNotice } from './answer-notice'
import { AnswerToolbar } from './answer-toolbar'
import { Erased } from './erased'
import { Markdown } from './markdown'
import { useMessageKeys, type Place } from './use-message-keys'
import { Working } from './working'

import type { AnswerStatus, ChatMessage } from '@/chat/message'
import { messageMemory, messageText, messageWaiting } from '@/components/chat/message-text'
import { ContextIndicator } from '@/components/context/context-indicator'

type AssistantMessageProps = {
  chatId: string
  message: ChatMessage
  /** Being written in this tab right now. */
  live: boolean
  /** null where trying again makes no sense: an older answer, or one that is being written. */
  onRetry: (() => void) | null
  place?: Place
}

/** An answer, how it ended, and what it stood on. */
export function AssistantMessage(props: AssistantMessageProps) {
  const { chatId, message, live, onRetry, place } = props
  const t = useTranslations('message')
  const onKeyDown = useMessageKeys(message)
  const text = messageText(message)
  const memory = messageMemory(message)
  const quotations = message.metadata?.provider === 'quotations'
  const status: AnswerStatus = live ? 'streaming' : (message.metadata?.status ?? 'complete')

  return (
    <article
      id={`m-${message.id}`}
      tabIndex={-1}
      aria-labelledby={`who-${message.id}`}
      aria-busy={live}
      aria-posinset={place?.index}
      aria-setsize={place?.count}
      data-testid="message-assistant"
      data-status={status}
      data-message-id={message.id}
      onKeyDown={onKeyDown}
      className="group/flash pt-2 outline-offset-2"
    >
      <h2 id={`who-${message.id}`} className="sr-only">
        {t('assistant')}
      </h2>
      {/* Above the text: below it, it would move with every line that comes. */}
      {(memory || live) && (
        <div className="mb-2 flex min-h-8 flex-col justify-center space-y-1">
          {memory ? (
            <ContextIndicator memory={memory} chatId={chatId} message={message} live={live} />
          ) : (
            <Working phase="searching" />
          )}
        </div>
      )}
      <div className="-mx-2 rounded-lg px-2 group-data-flash/flash:animate-flash">
        {text ? (
          <Markdown text={text} streaming={live} quotations={quotations} />
        ) : (
          live && memory && <Working phase={messageWaiting(message) ?? 'writing'} />
        )}
        {text === '' && status === 'complete' && <Erased />}
      </div>
      <AnswerNotice
        status={status}
        live={live}
        errorCode={message.metadata?.errorCode}
        onRetry={onRetry}
      />
      <footer aria-label={t('footer')} className="mt-2 min-h-8">
        {!live && <AnswerToolbar message={message} text={text} />}
      </footer>
    </article>
  )
}
