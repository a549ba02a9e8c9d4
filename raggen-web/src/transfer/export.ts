import { FORMAT, VERSION } from './format'

import type { Store } from '@/db/store'

async function* chatJson(store: Store, chatId: string): AsyncGenerator<string> {
  const head = await store.transfer.head(chatId)
  if (!head) return // Deleted since it was listed.
  yield `${JSON.stringify(head).slice(0, -1)},"messages":[`
  let first = true
  for await (const page of store.transfer.messages(chatId)) {
    for (const message of page) {
      yield `${first ? '' : ','}\n${JSON.stringify(message)}`
      first = false
    }
  }
  yield ']}'
}

/**
 * Chats as JSON, piece by piece, with all their branches, what answers stood on and what was sent. No
 * keys and no addresses of servers: only the names of models and the ids of their servers.
 */
export async function* exportJson(
  store: Store,
  chatIds: string[],
  at: Date,
): AsyncGenerator<string> {
  const header = JSON.stringify({ format: FORMAT, version: VERSION, exportedAt: at.toISOString() })
  yield `${header.slice(0, -1)},"chats":[`
  let first = true
  for (const chatId of chatIds) {
    let begun = false
    for await (const piece of chatJson(store, chatId)) {
      yield begun ? piece : `${first ? '' : ','}\n${piece}`
      begun = true
      first = false
    }
  }
  yield '\n]}\n'
}
