import type { ChatMessage, Memory, Waiting } from '@/chat/message'

/** The text of a message, all text parts in order. */
export function messageText(message: ChatMessage): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

/** What memory gave to an answer; null while it is being looked through, or for a user's message. */
export function messageMemory(message: ChatMessage): Memory | null {
  return message.parts.find((part) => part.type === 'data-memory')?.data ?? null
}

/** What an answer without a word yet is waiting for, once it is known; null: nothing in particular. */
export function messageWaiting(message: ChatMessage): Waiting['for'] | null {
  return message.parts.find((part) => part.type === 'data-waiting')?.data.for ?? null
}
