import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { ExponentialBackoff, noJitterGenerator, type IBackoff } from 'cockatiel'

import type { Outbox, OutboxRow } from '@/db/outbox'
import { EmbedRefused, EmbedUnavailable, type EmbedClient, type Item } from '@/embed/client'
import { messageItem } from '@/embed/item'
import { errorFields, type Logger } from '@/log'
import { meters } from '@/metrics/meters'
import { currentRequestId, within } from '@/request-scope'

export type Indexer = {
  start: () => void
  /** The outbox has something new. */
  wake: () => void
  /** Resolves when the request under way has ended. */
  stop: () => Promise<void>
}

export type IndexerDeps = {
  outbox: Outbox
  embed: EmbedClient
  log: Logger
  /** The pause after the first failure; doubled by each further one up to MAX_PAUSE_MS. */
  firstPauseMs?: number
  /** Whether somebody waits for an answer's first word: reading items would keep raggen-embed from it. */
  isAwaited?: () => boolean
  /** For so long at most it lets them go first. */
  longestWayMs?: number
}

const BATCH = 64
/** In UTF-16 units, far below raggen-embed's body limit; one longer item goes alone. */
const BATCH_CHARS = 500_000
/** So short that everything is taken well within a minute of raggen-embed's return. */
const MAX_PAUSE_MS = 8_000
const IDLE_MS = 2_000
/** What is new waits so long for company: one request takes less than two. */
const COMPANY_MS = 250
const LOOK_EVERY_MS = 25
/** Long texts on a slow machine; the service answers when they are durable. */
const CALL_TIMEOUT_MS = 120_000

/** The first rows that want the same thing done: order matters between an upsert and a delete. */
function leadingRun(rows: OutboxRow[]): OutboxRow[] {
  const end = rows.findIndex(({ op }) => op !== rows[0]?.op)
  return end === -1 ? rows : rows.slice(0, end)
}

/** As many of these rows as one request should carry, with their items; rows without a message have none. */
async function upsertBatch(outbox: Outbox, rows: OutboxRow[]) {
  const messages = await outbox.messages(rows.map(({ itemId }) => itemId))
  const byId = new Map(messages.map((message) => [message.id, message]))
  const batch: OutboxRow[] = []
  const items = new Map<string, Item>()
  let chars = 0
  for (const row of rows) {
    const message = byId.get(row.itemId)
    chars += message?.text.length ?? 0
    if (batch.length > 0 && chars > BATCH_CHARS) break
    batch.push(row)
    if (message) items.set(message.id, messageItem(message))
  }
  return { batch, items: [...items.values()] }
}

function count(rows: OutboxRow[], result: 'taken' | 'refused' | 'postponed'): void {
  const [first] = rows
  if (first) meters().handedOver.inc({ op: first.op, result }, rows.length)
}

/**
 * Step 7: hands the outbox to raggen-embed, in order, until each row is taken. Sending twice is
 * harmless there (id and version), so a row leaves only after the acknowledgement. What raggen-embed
 * refuses for good is marked as failed and blocks nobody.
 */
export function createIndexer(deps: IndexerDeps): Indexer {
  const { outbox, embed, log, firstPauseMs = 250 } = deps
  const { isAwaited = () => false, longestWayMs = 1_000 } = deps
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  const backoff = new ExponentialBackoff({
    initialDelay: firstPauseMs,
    maxDelay: MAX_PAUSE_MS,
    generator: noJitterGenerator, // there is one indexer, and nobody to get out of step with
  })
  let pauseAfterFailure: IBackoff<unknown> | null = null
  let model: string | null = null
  let rouse = () => {}
  let roused = false
  /** What is due may be more than one request carries. */
  let isBehind = false

  const callOptions = () => ({
    requestId: currentRequestId() ?? randomUUID(),
    signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
  })

  /** Waits for `ms`, for stop or, where it may be cut short, for wake. */
  async function pause(ms: number): Promise<void> {
    if (roused || stopping.signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    rouse = resolve
    await promise
    clearTimeout(timer)
  }

  /** Lets answers go first, and others that are new join. */
  async function giveWay(): Promise<void> {
    const { signal } = stopping
    const until = performance.now() + longestWayMs
    await sleep(COMPANY_MS, null, { signal }).catch(() => {})
    while (!signal.aborted && isAwaited() && performance.now() < until) {
      await sleep(LOOK_EVERY_MS, null, { signal }).catch(() => {})
    }
  }

  async function send(rows: OutboxRow[]): Promise<OutboxRow[]> {
    if (rows[0]?.op === 'delete') {
      await embed.remove(
        rows.map(({ itemId: id, version }) => ({ id, version })),
        callOptions(),
      )
      return rows
    }
    const { batch, items } = await upsertBatch(outbox, rows)
    if (items.length > 0) await embed.upsert(items, callOptions())
    return batch
  }

  async function refused(rows: OutboxRow[], error: EmbedRefused): Promise<void> {
    const [only, ...others] = rows
    if (!only) return
    if (others.length > 0) {
      for (const row of rows) await handOver([row]) // One of them is the culprit.
      return
    }
    log.error('raggen-embed refused an item', {
      item: only.itemId,
      status: error.status,
      code: error.code,
    })
    await outbox.refused(only, error.code)
    count([only], 'refused')
  }

  async function handOver(rows: OutboxRow[]): Promise<void> {
    try {
      const taken = await send(rows)
      if (pauseAfterFailure) await recovered()
      model ??= (await embed.ready(callOptions()).catch(() => null))?.model ?? null
      await outbox.taken(taken, model, new Date())
      count(taken, 'taken')
    } catch (error) {
      if (!(error instanceof EmbedRefused)) throw error
      await refused(rows, error)
    }
  }

  async function recovered(): Promise<void> {
    log.info('raggen-embed is back')
    pauseAfterFailure = null
    model = null
    await outbox.hurry(new Date())
  }

  async function postpone(rows: OutboxRow[], error: EmbedUnavailable): Promise<void> {
    pauseAfterFailure = (pauseAfterFailure ?? backoff).next(undefined)
    const ms = pauseAfterFailure.duration
    log.warn('raggen-embed is not taking items', { ...errorFields(error), retry_ms: ms })
    count(rows, 'postponed')
    await outbox.postponed(rows, error.message, new Date(Date.now() + ms))
  }

  async function step(): Promise<void> {
    // What a look of its own would find is no more urgent than what it was woken for.
    if (!isBehind && (roused || isAwaited())) await giveWay()
    roused = false
    const due = await outbox.due(BATCH, new Date())
    isBehind = due.length === BATCH
    const rows = leadingRun(due)
    if (rows.length === 0) return pause(pauseAfterFailure ? firstPauseMs : IDLE_MS)
    // An id for what is done now: raggen-embed's lines about it carry it, too.
    await within(randomUUID(), async () => {
      try {
        await handOver(rows)
      } catch (error) {
        if (!(error instanceof EmbedUnavailable)) throw error
        if (!stopping.signal.aborted) await postpone(rows, error)
      }
    })
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await step()
      } catch (error) {
        log.error('the indexer failed', errorFields(error))
        await pause(IDLE_MS)
      }
    }
  }

  return {
    start: () => void (running ??= run()),
    wake() {
      roused = true
      rouse()
    },
    async stop() {
      stopping.abort()
      rouse()
      await running
    },
  }
}
