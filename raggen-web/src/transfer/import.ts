import { z } from 'zod'

import { chatOfConversation, isConversation } from './chatgpt'
import { Chat, FORMAT, Header, VERSION } from './format'
import { BrokenFile, JsonPieces, type Piece } from './json-pieces'
import { faultIn } from './tree'

import { storable } from '@/chat/storable'
import type { ArchivedChat } from '@/db/archived'
import type { Store } from '@/db/store'
import { InvalidRequest, TooLarge } from '@/errors'

/** Why a chat of a file was left alone; what is here stays as it is. */
export type SkipReason =
  /** It is not a chat, or contradicts itself; `at` says where. */
  | 'invalid'
  | 'too_large'
  /** A chat with its id is here, and says something else. */
  | 'differs'
  /** A message of it belongs to another chat. */
  | 'id_taken'

export type Skipped = {
  chatId: string | null
  title: string | null
  reason: SkipReason
  at?: string
}
export type ImportResult = { imported: number; unchanged: number; skipped: Skipped[] }

/** All in bytes but `depth`; the file itself is read as it comes and never held whole. */
export const LIMITS = { file: 1024 ** 3, pieceBytes: 128 * 1024 ** 2, depth: 60 }
/** Whoever sends so many that are none did not send chats. */
const MAX_INVALID = 100

type Read = { chat: ArchivedChat } | { skipped: Skipped }

function skip(about: unknown, reason: SkipReason, at?: string): { skipped: Skipped } {
  const named = z.object({ id: z.string().max(64).catch('') }).safeParse(about)
  const titled = z.object({ title: z.string().max(1000) }).safeParse(about)
  const chatId = named.success && named.data.id !== '' ? named.data.id : null
  const title = titled.success ? titled.data.title : null
  return { skipped: { chatId, title, reason, ...(at !== undefined && { at }) } }
}

/** What no database keeps, as JSON may write it: U+0000, and halves of surrogate pairs. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i

/** JSON whose every string, wherever it stands, can be stored. */
function parse(text: string): unknown {
  if (!UNSTORABLE.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? storable(value) : value,
  )
}

/** One element of the file as a chat that contradicts nothing. */
function readChat(piece: Piece): Read {
  if (piece.text === null) {
    return piece.fault === 'too_large' ? skip(null, 'too_large') : skip(null, 'invalid', 'depth')
  }
  let value: unknown
  try {
    value = parse(piece.text)
  } catch {
    return skip(null, 'invalid', String(piece.index))
  }
  const written = isConversation(value) ? chatOfConversation(value) : value
  const parsed = Chat.safeParse(written)
  if (!parsed.success) return skip(value, 'invalid', parsed.error.issues[0]?.path.join('.'))
  const fault = faultIn(parsed.data)
  if (fault !== null) return skip(value, 'invalid', fault)
  // A chat that shows no branch would look empty.
  const { leafId, messages } = parsed.data
  return { chat: { ...parsed.data, leafId: leafId ?? messages.at(-1)?.id ?? null } }
}

function unknownFormat(cause?: Error): InvalidRequest {
  const message = `the file is not of the format ${FORMAT}: ${cause?.message ?? 'another one'}`
  return new InvalidRequest('import_unknown_format', message, { cause })
}

/** @throws InvalidRequest import_unknown_format, import_newer_version */
function checkHeader(header: Record<string, unknown> | null): void {
  if (header === null) return // A bare list: each chat speaks for itself.
  const parsed = Header.safeParse(header)
  if (!parsed.success) throw unknownFormat()
  if (parsed.data.version > VERSION) {
    throw new InvalidRequest('import_newer_version', 'the file was made by a newer raggen', {
      detail: { version: parsed.data.version, limit: VERSION },
    })
  }
}

async function* piecesOf(
  body: AsyncIterable<Uint8Array>,
  pieces: JsonPieces,
): AsyncGenerator<Piece> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > LIMITS.file) {
      throw new TooLarge('import_too_large', 'the file is too large', {
        detail: { limit: LIMITS.file },
      })
    }
    for (const piece of pieces.push(chunk)) {
      if (piece.index === 0) checkHeader(pieces.header)
      yield piece
    }
  }
  pieces.end()
  checkHeader(pieces.header)
}

/**
 * Brings the chats of a file in, one after another as they arrive: each wholly or not at all. Doing it
 * again changes nothing. Ids are kept, so that links between chats hold.
 *
 * @param onChat A chat was brought in.
 * @throws InvalidRequest import_broken (with how many chats came in before), import_unknown_format,
 *   import_newer_version; TooLarge import_too_large; StorageFull
 */
export async function importChats(
  store: Store,
  body: AsyncIterable<Uint8Array>,
  onChat: () => void,
): Promise<ImportResult> {
  const result: ImportResult = { imported: 0, unchanged: 0, skipped: [] }
  let invalid = 0
  const pieces = new JsonPieces('chats', LIMITS)
  try {
    for await (const piece of piecesOf(body, pieces)) {
      const read = readChat(piece)
      if ('skipped' in read) {
        result.skipped.push(read.skipped)
        invalid += 1
        if (invalid > MAX_INVALID) throw new BrokenFile('these are no chats')
        continue
      }
      await bringIn(store, read.chat, result, onChat)
    }
  } catch (cause) {
    if (!(cause instanceof BrokenFile)) throw cause
    if (!pieces.begun) throw unknownFormat(cause)
    const { imported, unchanged, skipped } = result
    throw new InvalidRequest('import_broken', `the file cannot be read on: ${cause.message}`, {
      cause,
      detail: { imported, unchanged, skipped: skipped.length },
    })
  }
  return result
}

async function bringIn(
  store: Store,
  chat: ArchivedChat,
  result: ImportResult,
  onChat: () => void,
): Promise<void> {
  const brought = await store.transfer.bring(chat, new Date())
  if (brought === 'imported') {
    result.imported += 1
    onChat()
  } else if (brought === 'unchanged') result.unchanged += 1
  else result.skipped.push({ chatId: chat.id, title: chat.title, reason: brought })
}
