import { jsonRequest } from './chat'

import { POST as forget } from '@/app/api/memory/[messageId]/forget/route'
import { GET as proof, POST as proofOfWords } from '@/app/api/memory/[messageId]/proof/route'
import { PATCH as change } from '@/app/api/memory/[messageId]/route'
import { POST as bulk } from '@/app/api/memory/bulk/route'
import { GET as list } from '@/app/api/memory/route'
import type { Location } from '@/db/location'
import { openDatabase } from '@/db/open'
import type { MemoryItem, MemoryPage, Proof } from '@/memory/wire'

const NONE = { params: Promise.resolve({}) }
const of = (messageId: string) => ({ params: Promise.resolve({ messageId }) })

async function json<T>(response: Response): Promise<T> {
  if (!response.ok) {
    const { error } = (await response.json()) as { error: { code: string } }
    throw new Error(error.code)
  }
  return (await response.json()) as T
}

/** The memory's routes as the page calls them; a refusal throws its code. */
export const memory = {
  async list(query = ''): Promise<MemoryPage> {
    return json(await list(new Request(`http://127.0.0.1:3000/api/memory${query}`), NONE))
  },
  async change(id: string, body: unknown): Promise<MemoryItem> {
    const response = await change(jsonRequest('/', 'PATCH', body), of(id))
    return (await json<{ item: MemoryItem }>(response)).item
  },
  async forget(id: string, eraseFromChat = false): Promise<MemoryItem> {
    const response = await forget(jsonRequest('/', 'POST', { eraseFromChat }), of(id))
    return (await json<{ item: MemoryItem }>(response)).item
  },
  async proof(id: string, words?: string): Promise<Proof> {
    if (words === undefined) return json(await proof(new Request('http://127.0.0.1:3000/'), of(id)))
    return json(await proofOfWords(jsonRequest('/', 'POST', { words }), of(id)))
  },
  async bulk(body: unknown): Promise<MemoryItem[]> {
    const response = await bulk(jsonRequest('/', 'POST', body), NONE)
    return (await json<{ items: MemoryItem[] }>(response)).items
  },
}

/** Asks for a message to be indexed, past the store, as a repair would that does not know what was forgotten. */
export async function askToIndex(location: Location, messageId: string): Promise<void> {
  const database = openDatabase(location)
  const at = new Date()
  await database.write(async (tx) => {
    const row = { itemId: messageId, op: 'upsert', version: 9, nextAttemptAt: at, createdAt: at }
    await tx.outbox.create({ data: row })
  })
  await database.close()
}
