import type { ChatSummary, FoundMessage, SearchFindings } from '@/components/api/wire'

export type Option =
  | { kind: 'chat'; key: string; href: string; chat: ChatSummary }
  | { kind: 'message'; key: string; href: string; message: FoundMessage }

export type Group = { heading: 'recent' | 'chats' | 'messages'; options: Option[] }

const RECENT = 7

const chatOption = (chat: ChatSummary): Option => {
  return { kind: 'chat', key: chat.id, href: `/chats/${chat.id}`, chat }
}

const messageOption = (message: FoundMessage): Option => {
  const { chatId, messageId } = message
  return { kind: 'message', key: messageId, href: `/chats/${chatId}#m-${messageId}`, message }
}

/** A chat that is named after its first question says no more than the question does, where that is found. */
function namedOtherwise({ messages }: SearchFindings) {
  const told = new Set(messages.map(({ chatId }) => chatId))
  return (chat: ChatSummary) => chat.titledBy !== 'question' || !told.has(chat.id)
}

/** What can be chosen, in groups; before anything is typed, the chats that were written in last. */
export function optionGroups(findings: SearchFindings | null, chats: ChatSummary[]): Group[] {
  const groups: Group[] = findings
    ? [
        {
          heading: 'chats',
          options: findings.chats.filter(namedOtherwise(findings)).map(chatOption),
        },
        { heading: 'messages', options: findings.messages.map(messageOption) },
      ]
    : [{ heading: 'recent', options: chats.slice(0, RECENT).map(chatOption) }]
  return groups.filter(({ options }) => options.length > 0)
}
