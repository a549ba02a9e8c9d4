import { z } from 'zod'

import { attachment } from '../../../_http/attachment'
import { handle } from '../../../_http/handle'
import { localeOf } from '../../../_http/locale'
import { readQuery } from '../../../_http/query'

import type { ArchivedChat } from '@/db/archived'
import type { Store } from '@/db/store'
import { NotFound } from '@/errors'
import { exportJson } from '@/transfer/export'
import { chatMarkdown } from '@/transfer/markdown'

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

const Query = z.object({
  format: z.enum(['json', 'markdown']).default('json'),
  /** Of the dates in the text. */
  timeZone: z.string().max(100).refine(isTimeZone).default('UTC'),
})

async function wholeChat(store: Store, chatId: string): Promise<ArchivedChat> {
  const head = await store.transfer.head(chatId)
  if (!head) throw new NotFound('chat_not_found', 'no such chat')
  const messages = []
  for await (const page of store.transfer.messages(chatId)) messages.push(...page)
  return { ...head, messages }
}

/** One chat to take along: JSON to import again, or Markdown to read. */
export const GET = handle<{ chatId: string }>(async ({ request, params, runtime: { store } }) => {
  const { format, timeZone } = readQuery(request, Query)
  const head = await store.transfer.head(params.chatId)
  if (!head) throw new NotFound('chat_not_found', 'no such chat')
  const at = new Date()
  const name = head.title.slice(0, 80) || 'raggen'
  if (format === 'json') {
    return attachment(`${name}.json`, 'application/json', exportJson(store, [head.id], at))
  }
  const chat = await wholeChat(store, head.id)
  const sources = chat.messages.flatMap(({ context }) =>
    context.flatMap(({ sourceChatId }) => sourceChatId ?? []),
  )
  const titles = await store.chats.titles([...new Set(sources)])
  const text = chatMarkdown(chat, at, { locale: localeOf(request), timeZone, titles })
  return attachment(`${name}.md`, 'text/markdown', [text])
}, 'heavy')
