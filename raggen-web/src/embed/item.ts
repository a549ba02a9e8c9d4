import { OWNER, type Item } from './client'

import { languageByScript } from '@/i18n/script'

export const MESSAGES = 'messages'

/** A message as raggen-embed remembers it: the text verbatim, its place, its speaker, its moment. */
export function messageItem(message: {
  id: string
  version: number
  text: string
  chatId: string
  session: number
  seq: number
  role: string
  createdAt: Date
}): Item {
  return {
    id: message.id,
    version: message.version,
    text: message.text,
    owner: OWNER,
    collection: MESSAGES,
    conversation: message.chatId,
    session: `${message.chatId}:${message.session}`,
    seq: message.seq,
    speaker: message.role,
    timestamp: message.createdAt.toISOString(),
    language: languageByScript(message.text),
  }
}
