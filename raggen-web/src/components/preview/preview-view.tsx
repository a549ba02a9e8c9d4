'use client'

import { useTranslations } from 'next-intl'

import type { Prompt } from '@/components/api/wire'
import { ContextPanel } from '@/components/context/context-panel'
import { NoContext } from '@/components/context/no-context'
import { PromptFacts } from '@/components/receipt/prompt-facts'
import { SentMessages } from '@/components/receipt/sent-messages'
import { TokenBar } from '@/components/receipt/token-bar'

/** Who would get it, what memory adds, how it shares the window, and every message of it. */
export function PreviewView({ prompt, chatId }: { prompt: Prompt; chatId: string }) {
  const t = useTranslations('preview')
  const { memory, messages, provider } = prompt
  return (
    <>
      <PromptFacts prompt={prompt} />
      <section aria-labelledby="preview-context" className="mt-5">
        <h3 id="preview-context" className="text-sm font-semibold">
          {t('context', { count: memory.items.filter(({ included }) => included).length })}
        </h3>
        {memory.state === 'used' ? (
          <ContextPanel
            id="preview-items"
            memory={memory}
            chatId={chatId}
            byQuotations={provider === 'quotations'}
          />
        ) : (
          <NoContext state={memory.state} onRequest={false} answerId={null} chatId={chatId} />
        )}
      </section>
      {messages.length === 0 ? (
        <p className="mt-5 rounded-xl bg-surface px-4 py-3 text-sm">{t('noModel')}</p>
      ) : (
        <>
          <TokenBar prompt={prompt} />
          <SentMessages messages={messages} />
        </>
      )}
    </>
  )
}
