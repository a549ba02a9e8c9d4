import { sha256, type Indexed, type IndexedStore } from '@/db/indexed'
import type { CallOptions, EmbedClient } from '@/embed/client'

export type Difference = {
  id: string
  /** missing: only here; extra: only in raggen-embed; version, text: in both, but not the same. */
  what: 'missing' | 'extra' | 'version' | 'text'
  /** null: not there. */
  here: number | null
  there: number | null
}

export type Reconciliation = {
  /** How many items each side holds. */
  here: number
  there: number
  /** Told to raggen-embed in the next moments: no difference, and not compared. */
  pending: number
  /** What raggen-embed refused for good; see its log. */
  refused: number
  differences: Difference[]
}

export type ReconcileDeps = { indexed: IndexedStore; embed: EmbedClient; options: CallOptions }

const PAGE = 1000

function difference(id: string, here?: Indexed, there?: Indexed): Difference[] {
  const versions = { here: here?.version ?? null, there: there?.version ?? null }
  if (!here && !there) return []
  if (!here) return [{ id, what: 'extra', ...versions }]
  if (!there) return [{ id, what: 'missing', ...versions }]
  if (here.version !== there.version) return [{ id, what: 'version', ...versions }]
  return here.sha256 === there.sha256 ? [] : [{ id, what: 'text', ...versions }]
}

/** Compares page by page of raggen-embed's items; what only stands here is found afterwards. */
async function firstLook({ indexed, embed, options }: ReconcileDeps) {
  const seen = new Set<string>()
  const found: Difference[] = []
  let cursor: string | null = null
  do {
    const page = await embed.list(cursor, PAGE, options)
    const here = new Map((await indexed.of(page.items.map(({ id }) => id))).map((i) => [i.id, i]))
    for (const { id, version, text_sha256 } of page.items) {
      seen.add(id)
      found.push(...difference(id, here.get(id), { id, version, sha256: text_sha256 }))
    }
    cursor = page.nextCursor
  } while (cursor !== null)
  let here = 0
  let rows = await indexed.page('', PAGE)
  while (rows.length > 0) {
    here += rows.length
    for (const row of rows) if (!seen.has(row.id)) found.push(...difference(row.id, row))
    rows = await indexed.page(rows.at(-1)?.id ?? '', PAGE)
  }
  return { here, there: seen.size, found }
}

/**
 * Compares what memory should hold with what raggen-embed holds, by id, version and a hash of the
 * text. Both sides may be written to meanwhile: what looks different is looked at again, and what is
 * on its way is left out.
 *
 * @throws EmbedUnavailable, EmbedRefused
 */
export async function reconcile(deps: ReconcileDeps): Promise<Reconciliation> {
  const { indexed, embed, options } = deps
  const { here, there, found } = await firstLook(deps)
  const waiting = await indexed.waiting()
  const differences: Difference[] = []
  for (const { id } of found) {
    if (waiting.has(id)) continue
    const [[row], item] = await Promise.all([indexed.of([id]), embed.get(id, options)])
    const there = item ? { ...item, sha256: sha256(item.text) } : undefined
    differences.push(...difference(id, row, there))
  }
  return { here, there, pending: waiting.size, refused: await indexed.refused(), differences }
}

/** Asks for every difference to be put right by the outbox: what stands here is the truth. */
export async function repair(
  indexed: IndexedStore,
  differences: Difference[],
  at: Date,
): Promise<void> {
  const extra = differences.filter(({ what }) => what === 'extra')
  await indexed.forget(
    extra.map(({ id, there }) => ({ id, version: there ?? 1 })),
    at,
  )
  const wrong = differences.filter(({ what }) => what !== 'extra')
  await indexed.again(
    wrong.map(({ id, there }) => ({ id, above: there ?? 0 })),
    at,
  )
}
