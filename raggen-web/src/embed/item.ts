import { OWNER, type Item } from './client'

import { languageByScript } from '@/i18n/script'

export const MESSAGES = 'messages'

/**
 * A message as raggen-embed remembers it: the text as a person corrected it in memory, else verbatim;
 * its place, its speaker, its moment.
 */
export function messageItem(message: {
  id: string
  version: number
  text: string
  /** null or absent: as said. */
  memoryText?: string | null
  chatId: string
  session: number
  seq: number
  role: string
  createdAt: Date
}): Item {
  const text = message.memoryText ?? message.text
  return {
    id: message.id,
    version: message.version,
    text,
    owner: OWNER,
    collection: MESSAGES,
    conversation: message.chatId,
    session: `${message.chatId}:${message.session}`,
    seq: message.seq,
    speaker: message.role,
    timestamp: message.createdAt.toISOString(),
    language: languageByScript(text),
  }
}
