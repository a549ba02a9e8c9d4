import type { ArchivedChat } from '@/db/archived'

/**
 * Where a chat contradicts itself, as a path, or null. Every message follows an earlier one of the
 * same chat: so there is no cycle, and nothing hangs on another chat.
 */
export function faultIn({ messages, leafId }: ArchivedChat): string | null {
  const roles = new Map<string, string>()
  let lastSeq = 0
  for (const [index, message] of messages.entries()) {
    const { id, seq, parentId, replyToId, role, context, receipt, golden } = message
    const fault = (field: string) => `messages.${index}.${field}`
    if (roles.has(id)) return fault('id')
    if (seq <= lastSeq) return fault('seq')
    if (parentId !== null && !roles.has(parentId)) return fault('parentId')
    if (replyToId !== null && (role !== 'assistant' || roles.get(replyToId) !== 'user')) {
      return fault('replyToId')
    }
    if (role === 'user' && message.rating !== null) return fault('rating')
    if (role === 'assistant' && golden !== null) return fault('golden')
    if (role === 'user' && receipt !== null) return fault('receipt')
    if (role === 'user' && context.length > 0) return fault('context')
    if (new Set(context.map(({ rank }) => rank)).size < context.length) return fault('context')
    roles.set(id, role)
    lastSeq = seq
  }
  return leafId === null || roles.has(leafId) ? null : 'leafId'
}
