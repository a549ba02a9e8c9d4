import { createHash } from 'node:crypto'

import type {
  ArchivedChat,
  ArchivedGolden,
  ArchivedItem,
  ArchivedMessage,
  ArchivedReceipt,
} from '@/db/archived'

/** Numbers that look like chance and are the same for the same seed (mulberry32). */
export function chance(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const pick = <T>(values: readonly T[]) => values[below(values.length)] as T
  const often = (share: number) => next() < share
  const id = () => createHash('sha256').update(`${seed}:${next()}`).digest('hex').slice(0, 32)
  return { next, below, pick, often, id }
}

type Chance = ReturnType<typeof chance>

const TEXTS = [
  'Моя собака Арчи боится грозы.',
  '',
  '🐶🐶🐶 "quoted" \\ back\\slash </script><img src=x onerror=alert(1)>',
  '```js\nconst a = {"chats":[{}]}\n```',
  'line\n\nline\t\u2028 ]} ,[{',
  'ё'.repeat(3000),
]
const START = Date.UTC(2026, 4, 8)

const moment = (c: Chance) => new Date(START + c.below(1e10))
const maybe = <T>(c: Chance, value: T) => (c.often(0.3) ? value : null)

function item(c: Chance, rank: number): ArchivedItem {
  const id = c.id()
  const included = c.often(0.5)
  return {
    rank,
    itemId: id,
    text: c.pick(TEXTS),
    sourceChatId: maybe(c, c.id()),
    sourceMessageId: id,
    speaker: c.pick(['user', 'assistant']),
    timestamp: moment(c),
    relevance: c.next(),
    relevanceWord: c.pick(['high', 'medium', 'low']),
    cosine: c.next() * 2 - 1,
    lexical: c.below(5),
    reasons: c.pick<ArchivedItem['reasons']>([
      [],
      [{ kind: 'meaning' }],
      [{ kind: 'words', terms: ['гроза'] }, { kind: 'pinned' }],
    ]),
    highlights: c.often(0.5) ? [{ start: 0, end: 3 }] : [],
    included,
    omitted: included ? null : c.pick(['budget', 'duplicate', 'similar', 'limit']),
    promptText: included ? c.pick(TEXTS) : null,
    rating: c.pick([null, 1, -1]),
  }
}

function receipt(c: Chance): ArchivedReceipt {
  return {
    provider: c.pick(['quotations', 'local', c.id()]),
    model: maybe(c, 'tiny'),
    parameters: c.pick<ArchivedReceipt['parameters']>([
      {},
      { temperature: 0.3, stop: ['a'], deep: { er: null } },
    ]),
    messages: c.often(0.5) ? [] : [{ role: 'system', content: c.pick(TEXTS) }],
    promptTokens: c.below(9000),
    parts: maybe(c, { instructions: 10, context: 20, history: 0, question: 7.5 }),
    leftOut: maybe(c, { turns: 2, tokens: 300 }),
    origin: c.pick(['fresh', 'same-context', 'without-context']),
    memoryState: c.pick(['used', 'nothing-relevant', 'empty', 'unavailable', 'off']),
    earlierId: maybe(c, c.id()),
    retrievalMs: c.below(800),
    firstTokenMs: maybe(c, c.below(5000)),
    totalMs: maybe(c, c.below(50_000)),
    createdAt: moment(c),
  }
}

function golden(c: Chance): ArchivedGolden {
  const ids = [c.id(), c.id()].toSorted()
  const expected = ids.map((messageId) => ({ messageId, relevance: maybe(c, c.next()) }))
  return { markedAt: moment(c), expected }
}

function message(c: Chance, before: ArchivedMessage[], seq: number): ArchivedMessage {
  const parent = before.length > 0 && c.often(0.9) ? c.pick(before) : null
  const answers = parent?.role === 'user' && c.often(0.9)
  const role = answers ? 'assistant' : 'user'
  const at = moment(c)
  return {
    id: c.id(),
    parentId: parent?.id ?? null,
    replyToId: answers && parent ? parent.id : null,
    seq,
    session: 1 + Math.floor(seq / 7),
    role,
    text: c.pick(TEXTS),
    status: answers ? c.pick(['complete', 'stopped', 'interrupted', 'failed']) : 'complete',
    errorCode: answers ? maybe(c, 'provider_stalled') : null,
    provider: answers ? 'local' : null,
    model: answers ? maybe(c, 'tiny') : null,
    indexable: c.often(0.8),
    memoryText: maybe(c, 'Corrected: the dog is called Archie.'),
    memory: c.pick(['remembered', 'remembered', 'excluded', 'forgotten']),
    pinnedAt: maybe(c, moment(c)),
    rating: answers ? c.pick([null, 1, -1]) : null,
    ratedAt: answers ? maybe(c, moment(c)) : null,
    createdAt: at,
    updatedAt: moment(c),
    context: answers ? Array.from({ length: c.below(4) }, (_, index) => item(c, index + 1)) : [],
    receipt: answers && c.often(0.8) ? receipt(c) : null,
    golden: answers ? null : maybe(c, golden(c)),
  }
}

/** A chat with branches and everything that one can hold; the same for the same seed. */
export function archivedChat(seed: number, count = 12): ArchivedChat {
  const c = chance(seed)
  const messages: ArchivedMessage[] = []
  let seq = 0
  for (let index = 0; index < count; index += 1) {
    seq += 1 + c.below(2) // An answer that was replaced leaves a gap.
    messages.push(message(c, messages, seq))
  }
  return {
    id: c.id(),
    title: c.pick(TEXTS).slice(0, 40),
    titledBy: c.pick(['question', 'model', 'person']),
    createdAt: moment(c),
    updatedAt: moment(c),
    pinnedAt: maybe(c, moment(c)),
    excludedAt: maybe(c, moment(c)),
    leafId: messages.length > 0 ? c.pick(messages).id : null,
    settings: maybe(c, {
      selection: { providerId: 'local', model: 'tiny' },
      generation: { temperature: 0.5, systemPrompt: null },
      context: { count: 3, scope: { kind: 'this-chat' }, languages: ['ru'] },
    }),
    messages,
  }
}
