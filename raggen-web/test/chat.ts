import { randomUUID } from 'node:crypto'
import { join } from 'node:path'

import type { UIMessageChunk } from 'ai'
import { onTestFinished } from 'vitest'

import { deadUrl } from './listen'
import { tmpFolder, tmpLocation, urlOf } from './tmp'

import { POST } from '@/app/api/chats/[chatId]/messages/route'
import { POST as STOP } from '@/app/api/chats/[chatId]/stop/route'
import { GET as RESUME } from '@/app/api/chats/[chatId]/stream/route'
import type { Memory, MessageMetadata } from '@/chat/message'
import { parseEnv } from '@/env'
import { createLogger } from '@/log'
import { createRuntime, setRuntime, type Runtime } from '@/runtime'

export type Answered = {
  status: number
  /** Of an error response. */
  code: string | null
  messageId: string
  memory: Memory | null
  text: string
  /** The last word about the answer. */
  metadata: MessageMetadata | null
  chunks: UIMessageChunk<MessageMetadata>[]
}

/** Tests ask faster than people; those about limits set them. */
const NO_LIMITS = {
  RAGGEN_WEB_LIMIT_ASK: '0',
  RAGGEN_WEB_LIMIT_HEAVY: '0',
  RAGGEN_WEB_LIMIT_WRITE: '0',
  RAGGEN_WEB_LIMIT_READ: '0',
}

/**
 * The process's runtime over a temporary database, and a log that can be read.
 *
 * @param titles Let models name chats: one request more after a chat's first answer.
 */
export async function startRuntime(
  variables: Record<string, string> = {},
  { titles = false }: { titles?: boolean } = {},
) {
  const lines: string[] = []
  const env = parseEnv({
    NODE_ENV: 'test',
    RAGGEN_WEB_DATABASE_URL: urlOf(tmpLocation()),
    RAGGEN_WEB_SECRET_FILE: join(tmpFolder(), 'secret.key'),
    RAGGEN_WEB_EMBED_URL: variables.RAGGEN_WEB_EMBED_URL ?? (await deadUrl()),
    RAGGEN_WEB_LOG_LEVEL: 'debug',
    ...NO_LIMITS,
    ...variables,
  })
  const made: Runtime = await createRuntime(
    env,
    createLogger('debug', (line) => lines.push(line)),
  )
  setRuntime(made)
  if (!titles) await made.titler.stop()
  onTestFinished(async () => {
    setRuntime(undefined)
    await made.close()
  })
  return Object.assign(made, { lines })
}

/** A request as the handlers get it. */
export function jsonRequest(path: string, method: string, body: unknown, signal?: AbortSignal) {
  return new Request(`http://127.0.0.1:3000${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'accept-language': 'en' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal,
  })
}

type OnChunk = (chunk: UIMessageChunk<MessageMetadata>) => void

/** Reads a response's chunks to the end, or until the browser leaves. */
async function readChunks(response: Response, onChunk?: OnChunk, leaving?: AbortSignal) {
  const chunks: UIMessageChunk<MessageMetadata>[] = []
  let rest = ''
  for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
    if (leaving?.aborted) break
    const events = (rest + bytes).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events.filter((text) => text.startsWith('data: {'))) {
      const chunk = JSON.parse(event.slice(6)) as UIMessageChunk<MessageMetadata>
      chunks.push(chunk)
      onChunk?.(chunk)
    }
  }
  return chunks
}

export type Saying = {
  chatId?: string
  messageId?: string
  parentId?: string | null
  trigger?: 'submit' | 'retry' | 'regenerate'
  context?: 'fresh' | 'same' | 'none'
  answerId?: string
  settings?: object
  /** The browser leaves; the answer goes on. */
  signal?: AbortSignal
  onChunk?: OnChunk
}

/** Posts a message through the route handler and reads its stream to the end. */
export async function say(text: string, saying: Saying = {}): Promise<Answered> {
  const { chatId = randomUUID(), messageId = randomUUID(), signal, onChunk, ...rest } = saying
  const body = { message: { id: messageId, text }, ...rest }
  const response = await POST(jsonRequest(`/api/chats/${chatId}/messages`, 'POST', body, signal), {
    params: Promise.resolve({ chatId }),
  })
  return answeredBy(response, onChunk, signal)
}

/** Follows the answer under way in a chat, as a page does that was reloaded; null when there is none. */
export async function resume(chatId: string, onChunk?: OnChunk): Promise<Answered | null> {
  const response = await RESUME(new Request('http://127.0.0.1:3000/'), {
    params: Promise.resolve({ chatId }),
  })
  return response.status === 204 ? null : answeredBy(response, onChunk)
}

/** Presses stop. */
export async function stop(chatId: string): Promise<number> {
  const request = new Request('http://127.0.0.1:3000/', { method: 'POST' })
  return (await STOP(request, { params: Promise.resolve({ chatId }) })).status
}

async function answeredBy(
  response: Response,
  onChunk?: OnChunk,
  leaving?: AbortSignal,
): Promise<Answered> {
  const answered: Answered = {
    status: response.status,
    code: null,
    messageId: '',
    memory: null,
    text: '',
    metadata: null,
    chunks: [],
  }
  if (!response.ok) {
    const body = (await response.json()) as { error: { code: string } }
    return { ...answered, code: body.error.code }
  }
  answered.chunks = await readChunks(response, onChunk, leaving)
  for (const chunk of answered.chunks) {
    if (chunk.type === 'start') answered.messageId = chunk.messageId ?? ''
    if (chunk.type === 'data-memory') answered.memory = chunk.data as Memory
    if (chunk.type === 'text-delta') answered.text += chunk.delta
    if ('messageMetadata' in chunk && chunk.messageMetadata)
      answered.metadata = chunk.messageMetadata
  }
  return answered
}
