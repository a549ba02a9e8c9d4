import { useTranslations } from 'next-intl'

import type { ChatMessage } from '@/chat/message'
import { messageText } from '@/components/chat/message-text'

/** What the person wrote, verbatim: no markdown, line breaks kept. */
export function UserMessage({ message }: { message: ChatMessage }) {
  const t = useTranslations('message')
  return (
    <article
      id={`m-${message.id}`}
      tabIndex={-1}
      aria-labelledby={`who-${message.id}`}
      className="group/flash flex justify-end pt-6 outline-none first:pt-0"
    >
      <h2 id={`who-${message.id}`} className="sr-only">
        {t('you')}
      </h2>
      <div
        data-testid="message-user"
        className="max-w-[85%] rounded-2xl rounded-br-md bg-bubble px-4 py-2.5 text-base leading-relaxed wrap-anywhere whitespace-pre-wrap group-data-flash/flash:animate-flash"
      >
        {messageText(message)}
      </div>
    </article>
  )
}
