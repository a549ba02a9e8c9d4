import { createHash } from 'node:crypto'

import type { components } from '../src/embed/api'

import { bodyOf, listen } from './listen'

type Item = components['schemas']['Item']
type Search = components['schemas']['SearchRequest']

const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}]{4,}/gu) ?? [])

/** `shares`: what its sitting and its age add, beside 1 for its own words. */
function result(
  item: Item,
  rank: number,
  shared: string[],
  shares: Record<string, number>,
): components['schemas']['SearchResult'] {
  return {
    rank,
    id: item.id,
    text: item.text,
    relevance: relevanceOf(rank, shared),
    relevance_word: 'high',
    cosine: 0.7,
    lexical: shared.length,
    reasons: [{ kind: 'meaning' }, { kind: 'words', terms: shared }],
    owner: item.owner ?? 'local',
    collection: item.collection ?? 'default',
    conversation: item.conversation ?? null,
    session: item.session ?? null,
    seq: item.seq ?? null,
    speaker: item.speaker ?? null,
    timestamp: item.timestamp ?? null,
    language: item.language ?? null,
    parent: null,
    metadata: {},
    highlights: [{ start: 0, end: [...item.text].length, text: item.text, relevance: 0.9 }],
    explanation: {
      script: 'latin',
      pair: 'latin',
      window: { start: 0, end: item.text.length },
      lanes: { words: 1 },
      shares: { words: 1, ...shares },
      score: 1,
      log_odds: {},
    },
  }
}

function relevanceOf(rank: number, shared: string[]): number {
  return shared.length > 0 ? 0.9 / rank : 0.05
}

const scriptOf = (text: string) => (/\p{Script=Cyrillic}/u.test(text) ? 'ru' : 'en')

/** The filters that a search may ask for. */
function passes(item: Item, search: Search): boolean {
  const { conversation = null, id, text, timestamp } = item
  const { conversations, exclude_conversations: without, exclude_ids: excluded } = search
  return (
    !excluded?.includes(id) &&
    !(conversation !== null && without?.includes(conversation)) &&
    (!conversations || (conversation !== null && conversations.includes(conversation))) &&
    (!search.languages || search.languages.includes(scriptOf(text))) &&
    (!search.before || Date.parse(timestamp ?? '') < Date.parse(search.before))
  )
}

/** raggen-embed's wire protocol over a word search: for what the real one does rarely (slow, broken, down). */
export async function startEmbedServer() {
  const items = new Map<string, Item>()
  const state = {
    items,
    /** Version up to which an id was deleted. */
    tombstones: new Map<string, number>(),
    /** Ids that are refused with 422, as an item that breaks a rule is. */
    poison: new Set<string>(),
    /** Finds what it was asked to leave out too, as one whose lists were cut would. */
    leavesNothingOut: false,
    /** By id: what `explanation.shares` says besides the words. */
    shares: new Map<string, Record<string, number>>(),
    /** Milliseconds before each answer. */
    delayMs: 0,
    /** Answer with this status instead; for `failures` requests, then normally. */
    status: 500,
    failures: 0,
    requests: [] as { method: string; url: string; requestId: string | undefined; body: unknown }[],
  }

  function upsert(sent: Item[]) {
    if (sent.some(({ id }) => state.poison.has(id))) return null
    for (const item of sent) {
      if ((state.tombstones.get(item.id) ?? 0) < item.version) items.set(item.id, item)
    }
    return {
      results: sent.map(({ id, version }) => ({ id, version, status: 'created' })),
      generation: 1,
    }
  }

  function remove(sent: { id: string; version: number }[]) {
    for (const { id, version } of sent) {
      items.delete(id)
      state.tombstones.set(id, version)
    }
    return { results: sent.map(({ id }) => ({ id, status: 'deleted' })), generation: 1 }
  }

  function search(asked: Search) {
    const { text, k, previous = [], min_relevance: least = null } = asked
    const followsUp = words(text).size === 0 && previous.length > 0
    const wanted = words(followsUp ? (previous.at(-1) ?? '') : text)
    const candidates = [...items.values()].filter(
      (item) => state.leavesNothingOut || passes(item, asked),
    )
    const results = candidates
      .map((item) => ({ item, shared: [...words(item.text)].filter((word) => wanted.has(word)) }))
      .filter(({ shared }) => shared.length > 0 || least === 0)
      .sort((a, b) => b.shared.length - a.shared.length)
      .filter(({ shared }, index) => relevanceOf(index + 1, shared) >= (least ?? 0))
      .slice(0, k)
      .map(({ item, shared }, index) =>
        result(item, index + 1, shared, state.shares.get(item.id) ?? {}),
      )
    return {
      model: 'fake',
      generation: 1,
      total_items: candidates.length,
      default_min_relevance: 0.5,
      follow_up: followsUp ? { previous: previous.length - 1, weight: 0.8 } : null,
      took_ms: 1,
      results,
    }
  }

  /** One item, or a page of them by id. */
  function listed(
    path: string,
    json: (status: number, value: object) => void,
    error: (code: string) => object,
  ) {
    const { pathname, searchParams } = new URL(path, 'http://embed')
    const [, id] = /^\/api\/v1\/items\/(.+)$/.exec(pathname) ?? []
    if (id !== undefined) {
      const item = items.get(decodeURIComponent(id))
      return item
        ? json(200, { item, windows: 1, model: 'fake' })
        : json(404, error('item_not_found'))
    }
    const after = searchParams.get('cursor') ?? ''
    const limit = Number(searchParams.get('limit') ?? 100)
    const rest = [...items.values()].filter((item) => item.id > after)
    const page = rest.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit)
    return json(200, {
      items: page.map(({ text, ...item }) => ({
        ...item,
        text_sha256: createHash('sha256').update(text).digest('hex'),
      })),
      next_cursor: rest.length > limit ? page.at(-1)?.id : null,
    })
  }

  const { url, close } = await listen(async (request, response) => {
    const text = await bodyOf(request)
    const body = text === '' ? null : (JSON.parse(text) as unknown)
    const { method = '', url: path = '', headers } = request
    state.requests.push({ method, url: path, requestId: headers['x-request-id']?.toString(), body })
    await new Promise((resolve) => setTimeout(resolve, state.delayMs))
    const json = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const error = (code: string) => ({ error: { code, message: code, request_id: 'r' } })
    if (state.failures > 0) {
      state.failures -= 1
      return json(state.status, error('broken'))
    }
    if (path === '/readyz')
      return json(200, { status: 'ready', model: 'fake', items: 0, generation: 1 })
    if (method === 'GET' && path.startsWith('/api/v1/items')) return listed(path, json, error)
    if (path === '/api/v1/search') return json(200, search(body as Search))
    if (path === '/api/v1/items/delete') return json(200, remove((body as { items: [] }).items))
    if (method === 'GET') {
      const item = items.get(decodeURIComponent(path.replace(/^.*\/items\/|\?.*$/g, '')))
      return item ? json(200, { item, windows: 1, model: 'fake' }) : json(404, error('not_found'))
    }
    const answer = upsert((body as { items: Item[] }).items)
    return answer ? json(200, answer) : json(422, error('invalid_item'))
  })
  return Object.assign(state, { url, close })
}
