'use client'

import { useTranslations } from 'next-intl'

import { Erased } from './erased'
import { useMessageActions } from './message-actions-context'
import { QuestionEditor } from './question-editor'
import { QuestionToolbar } from './question-toolbar'
import { useMessageKeys, type Place } from './use-message-keys'

import type { ChatMessage } from '@/chat/message'
import { messageText } from '@/components/chat/message-text'
import { cn } from '@/components/ui/cn'
import { unkerned } from '@/components/ui/unkerned'

/** What the person wrote, verbatim: no markdown, line breaks kept. It can be asked otherwise. */
export function UserMessage({ message, place }: { message: ChatMessage; place?: Place }) {
  const t = useTranslations('message')
  const actions = useMessageActions()
  const onKeyDown = useMessageKeys(message)
  const text = messageText(message)
  const editing = actions?.editing === message.id
  return (
    <article
      id={`m-${message.id}`}
      tabIndex={-1}
      aria-labelledby={`who-${message.id}`}
      onKeyDown={onKeyDown}
      aria-posinset={place?.index}
      aria-setsize={place?.count}
      className="group/message group/flash flex flex-col items-end pt-6 outline-offset-2"
    >
      <h2 id={`who-${message.id}`} className="sr-only">
        {t('you')}
      </h2>
      {editing ? (
        <QuestionEditor
          text={text}
          onSave={(wanted) => actions.edit(message.id, wanted)}
          onCancel={actions.stopEditing}
        />
      ) : (
        <>
          <div
            data-testid="message-user"
            className={cn(
              'max-w-[85%] rounded-2xl rounded-br-md bg-bubble px-4 py-2.5 text-base leading-relaxed wrap-anywhere whitespace-pre-wrap group-data-flash/flash:animate-flash',
              unkerned(text),
            )}
          >
            {text === '' ? <Erased /> : text}
          </div>
          {text !== '' && <QuestionToolbar message={message} text={text} />}
        </>
      )}
    </article>
  )
}
