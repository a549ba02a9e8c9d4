import type { ChatMessage, Memory } from '@/chat/message'

/** The text of a message, all text parts in order. */
export function messageText(message: ChatMessage): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

/** What memory gave to an answer; null while it is being looked through, or for a user's message. */
export function messageMemory(message: ChatMessage): Memory | null {
  return message.parts.find((part) => part.type === 'data-memory')?.data ?? null
}
