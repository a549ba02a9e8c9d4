import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../../../test/chat'
import { startEmbedServer } from '../../../../test/embed-server'
import { askToIndex, memory } from '../../../../test/memory'
import { startOpenAiServer } from '../../../../test/openai-server'
import { until } from '../../../../test/until'
import { PATCH as patchChat } from '../chats/[chatId]/route'
import { GET as receiptOf } from '../messages/[messageId]/receipt/route'
import { POST as connect } from '../providers/route'
import { PUT as select } from '../selection/route'

const NONE = { params: Promise.resolve({}) }

/** A raggen with a raggen-embed that speaks its protocol; `tell` says something and waits until it is known. */
async function start() {
  const embed = await startEmbedServer()
  const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
  const pending = async () => (await runtime.store.outbox.pending(new Date())).pending
  const settled = () => until('an empty outbox', async () => (await pending()) === 0)
  async function tell(text: string, chatId: string = randomUUID()) {
    const messageId = randomUUID()
    const answered = await say(text, { chatId, messageId })
    await settled()
    return { chatId, messageId, answered }
  }
  return { embed, runtime, pending, settled, tell }
}

async function answerWithModel() {
  const server = await startOpenAiServer()
  const added = await connect(jsonRequest('/', 'POST', { baseUrl: server.url }), NONE)
  const { provider } = (await added.json()) as { provider: { id: string } }
  await select(jsonRequest('/', 'PUT', { providerId: provider.id }), NONE)
  return server
}

async function receipt(messageId: string) {
  const response = await receiptOf(new Request('http://127.0.0.1:3000/'), {
    params: Promise.resolve({ messageId }),
  })
  return (await response.json()) as { messages: { role: string; content: string }[] }
}

describe('what memory holds', () => {
  it('is listed, the newest first, with where it was said; quotations are no memory', async () => {
    const { tell } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const asked = await tell('What is my dog afraid of?')
    const { items, counts, nextCursor, degraded } = await memory.list()
    expect(items).toMatchObject([
      { messageId: asked.messageId, speaker: 'user', state: 'remembered' },
      {
        messageId: dog.messageId,
        chatId: dog.chatId,
        chatTitle: 'My dog is afraid of thunder.',
        text: 'My dog is afraid of thunder.',
        said: 'My dog is afraid of thunder.',
        indexed: 'indexed',
        pinned: false,
        corrected: false,
        excludedBy: null,
      },
    ])
    expect(counts).toEqual({
      remembered: 2,
      pinned: 0,
      corrected: 0,
      excluded: 0,
      forgotten: 0,
      pending: 0,
      failed: 0,
    })
    expect({ nextCursor, degraded }).toEqual({ nextCursor: null, degraded: false })
  })

  it('is turned over page by page, none twice and none left out', async () => {
    const { tell } = await start()
    const chatId = randomUUID()
    for (let n = 0; n < 5; n += 1) await tell(`Sentence number ${n}.`, n < 3 ? chatId : undefined)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`
      const page = await memory.list(query)
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.items.map(({ text }) => text))
      cursor = page.nextCursor
    }
    expect(seen).toEqual([4, 3, 2, 1, 0].map((n) => `Sentence number ${n}.`))
    expect((await memory.list(`?chatId=${chatId}`)).items).toHaveLength(3)
    expect((await memory.list(`?chatId=${chatId}`)).counts.remembered).toBe(3)
    await expect(memory.list('?cursor=bm9uZQ')).rejects.toThrow('invalid_request')
    await expect(memory.list('?limit=0')).rejects.toThrow('invalid_request')
    await expect(memory.list('?state=lost')).rejects.toThrow('invalid_request')
  })

  it('is searched through raggen-embed; by its very words while that is down, and says so', async () => {
    const { embed, tell } = await start()
    await tell('My dog is afraid of thunder.')
    await tell('Мой кот любит Ёжика.')
    const found = await memory.list('?query=dog')
    expect(found).toMatchObject({ degraded: false, nextCursor: null })
    expect(found.items[0]?.text).toBe('My dog is afraid of thunder.')
    const scored = await memory.list('?query=thunder%20storms')
    expect(scored.items[0]).toMatchObject({ relevance: 0.9, relevanceWord: 'high' })
    await embed.close()
    const words = await memory.list(`?query=${encodeURIComponent('ежик')}`)
    expect(words).toMatchObject({ degraded: true, items: [{ text: 'Мой кот любит Ёжика.' }] })
    expect(words.items[0]).not.toHaveProperty('relevance')
  })

  it('waits visibly while raggen-embed is down, and shows what it refused', async () => {
    const { runtime } = await start()
    await runtime.indexer.stop()
    const messageId = randomUUID()
    await say('A waiting sentence.', { messageId })
    expect(await memory.list()).toMatchObject({
      items: [{ indexed: 'pending' }],
      counts: { pending: 1 },
    })
    expect((await memory.list('?query=waiting')).items).toMatchObject([{ messageId }])
    const again = await start()
    const refused = randomUUID()
    again.embed.poison.add(refused)
    await say('A poisonous sentence.', { messageId: refused })
    await again.settled()
    expect(await memory.list()).toMatchObject({
      items: [{ indexed: 'failed' }],
      counts: { failed: 1 },
    })
    again.embed.poison.clear()
    expect(await memory.change(refused, { text: null })).toMatchObject({ indexed: 'pending' })
    await again.settled()
    expect(again.embed.items.get(refused)).toMatchObject({ version: 2 })
  })
})

describe('governing memory', () => {
  it('pins and excludes, one lifting the other', async () => {
    const { runtime, tell } = await start()
    const { messageId } = await tell('My dog is afraid of thunder.')
    expect(await memory.change(messageId, { pinned: true })).toMatchObject({ pinned: true })
    expect(await runtime.store.memory.pinned(5)).toMatchObject([{ messageId }])
    expect((await memory.list('?state=pinned')).items).toHaveLength(1)
    expect(await memory.change(messageId, { excluded: true })).toMatchObject({
      pinned: false,
      state: 'excluded',
      excludedBy: 'message',
    })
    expect(await runtime.store.memory.exclusions()).toEqual({
      chatIds: [],
      messageIds: [messageId],
    })
    expect(await runtime.store.memory.pinned(5)).toEqual([])
    expect((await memory.list('?state=remembered')).items).toEqual([])
    expect((await memory.list('?state=excluded')).items).toHaveLength(1)
    expect((await memory.list()).items).toHaveLength(1)
    expect(await memory.change(messageId, { pinned: true })).toMatchObject({ state: 'remembered' })
    await expect(memory.change(messageId, { pinned: true, excluded: true })).rejects.toThrow(
      'invalid_request',
    )
  })

  it('shows that a whole chat is excluded, and recalls none of it', async () => {
    const { runtime, tell } = await start()
    const { chatId, messageId } = await tell('My dog is afraid of thunder.')
    await memory.change(messageId, { pinned: true })
    const params = Promise.resolve({ chatId })
    await patchChat(jsonRequest('/', 'PATCH', { excluded: true }), { params })
    expect((await memory.list('?state=excluded')).items).toMatchObject([{ excludedBy: 'chat' }])
    expect(await runtime.store.memory.exclusions()).toEqual({ chatIds: [chatId], messageIds: [] })
    expect(await runtime.store.memory.pinned(5)).toEqual([])
    expect((await memory.list()).counts).toMatchObject({ remembered: 0, excluded: 1 })
  })

  it('corrects what memory holds, not what was said, each time as a new version', async () => {
    const { embed, settled, tell } = await start()
    const { messageId } = await tell('My dog is called Archie.')
    const corrected = await memory.change(messageId, { text: ' My dog is called Rex. ' })
    expect(corrected).toMatchObject({
      text: 'My dog is called Rex.',
      said: 'My dog is called Archie.',
      corrected: true,
      indexed: 'pending',
    })
    await settled()
    expect(embed.items.get(messageId)).toMatchObject({ text: 'My dog is called Rex.', version: 2 })
    const recalled = (await say('What is my dog called?')).memory
    expect(recalled?.items).toMatchObject([{ text: 'My dog is called Rex.' }])
    expect((await memory.list('?state=corrected')).items).toMatchObject([{ messageId }])
    const same = await memory.change(messageId, { text: 'My dog is called Rex.' })
    expect(same.indexed).toBe('indexed')
    expect(await memory.change(messageId, { text: null })).toMatchObject({ corrected: false })
    await settled()
    expect(embed.items.get(messageId)).toMatchObject({
      text: 'My dog is called Archie.',
      version: 3,
    })
    for (const text of ['', ' \u200b ', 7]) {
      await expect(memory.change(messageId, { text })).rejects.toThrow('invalid_request')
    }
  })

  it('keeps the last of corrections that are made while an earlier one is on its way', async () => {
    const { embed, settled, tell } = await start()
    const { messageId } = await tell('My dog is called Archie.')
    embed.delayMs = 60
    for (const name of ['Bim', 'Rex', 'Tim']) {
      await memory.change(messageId, { text: `My dog is called ${name}.` })
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect((await memory.list()).items[0]?.indexed).toBe('pending')
    await settled()
    expect(embed.items.get(messageId)).toMatchObject({ text: 'My dog is called Tim.', version: 4 })
    expect((await memory.list()).items[0]).toMatchObject({ indexed: 'indexed', corrected: true })
  })

  it('refuses what is not in memory: unknown ids, quotations, what is forgotten', async () => {
    const { settled, tell } = await start()
    const { messageId, answered } = await tell('My dog is afraid of thunder.')
    await expect(memory.change('message-none', { pinned: true })).rejects.toThrow(
      'message_not_found',
    )
    await expect(memory.change(answered.messageId, { pinned: true })).rejects.toThrow(
      'not_remembered',
    )
    await expect(memory.forget(answered.messageId)).rejects.toThrow('not_remembered')
    await expect(memory.proof(messageId)).rejects.toThrow('not_forgotten')
    await memory.forget(messageId)
    await settled()
    await expect(memory.change(messageId, { pinned: true })).rejects.toThrow('already_forgotten')
  })

  it('does the same to several at once, and passes over what another tab has forgotten', async () => {
    const { embed, settled, tell } = await start()
    const ids: string[] = []
    for (let n = 0; n < 4; n += 1) ids.push((await tell(`Sentence number ${n}.`)).messageId)
    await memory.forget(ids[3] ?? '')
    const excluded = await memory.bulk({ action: 'exclude', messageIds: ids })
    expect(excluded.map(({ state }) => state)).toEqual([
      'excluded',
      'excluded',
      'excluded',
      'forgotten',
    ])
    await memory.bulk({ action: 'include', messageIds: ids.slice(0, 1) })
    expect((await memory.list()).counts).toMatchObject({ remembered: 1, excluded: 2, forgotten: 1 })
    const messageIds = ids.slice(0, 3)
    const gone = await memory.bulk({ action: 'forget', messageIds, eraseFromChat: true })
    expect(gone.map(({ state, said }) => [state, said])).toEqual(Array(3).fill(['forgotten', '']))
    await settled()
    expect(embed.items.size).toBe(0)
    expect((await memory.list()).items).toEqual([])
    expect((await memory.list('?state=forgotten')).items).toHaveLength(4)
    await expect(memory.bulk({ action: 'forget', messageIds: [] })).rejects.toThrow(
      'invalid_request',
    )
  })
})

describe('forgetting', () => {
  const SECRET = 'My dog Archie fears\n\nthunder "at night".'

  it('is proved: no item, found by no search, nothing on its way, in no other answer', async () => {
    const { embed, settled, tell } = await start()
    await answerWithModel()
    const { messageId } = await tell(SECRET)
    const asked = await tell('What does my dog Archie fear?')
    expect(asked.answered.memory?.items.map(({ messageId }) => messageId)).toContain(messageId)
    expect(JSON.stringify(await receipt(asked.answered.messageId))).toContain('fears')
    expect(await memory.forget(messageId)).toMatchObject({
      state: 'forgotten',
      text: '',
      said: SECRET,
    })
    await settled()
    expect(embed.items.has(messageId)).toBe(false)
    expect(await memory.proof(messageId)).toEqual({
      gone: true,
      item: 'absent',
      search: { asked: SECRET, found: false },
      outbox: false,
      receipts: 0,
    })
    const kept = JSON.stringify(await receipt(asked.answered.messageId))
    expect(kept).not.toContain('fears')
    expect(kept).toContain('[deleted]')
    expect(
      (await memory.list('?query=thunder')).items.map(({ messageId }) => messageId),
    ).not.toContain(messageId)
    expect((await memory.list('?state=forgotten')).items).toMatchObject([
      { messageId, indexed: 'gone' },
    ])
  })

  it('tells what is left when something is: a proof that cannot fail proves nothing', async () => {
    const { embed, settled, tell } = await start()
    const { messageId } = await tell(SECRET)
    const item = embed.items.get(messageId)
    await memory.forget(messageId)
    await settled()
    embed.items.set(messageId, item!) // As if raggen-embed had broken its word.
    expect(await memory.proof(messageId)).toMatchObject({
      gone: false,
      item: 'present',
      search: { found: true },
    })
  })

  it('waits for raggen-embed when that is down, is recalled nowhere meanwhile, and is proved later', async () => {
    const { embed, runtime, settled, tell } = await start()
    const { messageId } = await tell(SECRET)
    Object.assign(embed, { status: 503, failures: 1_000 })
    expect(await memory.forget(messageId)).toMatchObject({ indexed: 'pending' })
    expect(await memory.proof(messageId)).toMatchObject({
      gone: false,
      item: 'unknown',
      search: null,
      outbox: true,
    })
    expect((await runtime.store.memory.exclusions()).messageIds).toEqual([messageId])
    embed.failures = 0
    await settled()
    expect(await memory.proof(messageId)).toMatchObject({ gone: true })
    expect((await runtime.store.memory.exclusions()).messageIds).toEqual([])
  })

  it('erases the words in the chat too, where its person wants that: message, title, receipts', async () => {
    const { runtime, settled, tell } = await start()
    await answerWithModel()
    const { chatId, messageId, answered } = await tell(SECRET)
    const next = await tell('And what else?', chatId)
    for (const { messageId: id } of [answered, next.answered]) {
      expect(JSON.stringify(await receipt(id))).toContain('fears')
    }
    expect(await memory.forget(messageId, true)).toMatchObject({ said: '', chatTitle: '' })
    await settled()
    for (const { messageId: id } of [answered, next.answered]) {
      const { messages } = await receipt(id)
      expect(JSON.stringify(messages)).not.toContain('fears')
      expect(messages.map(({ content }) => content)).toContain('[deleted]')
    }
    expect((await runtime.store.messages.find(messageId))?.text).toBe('')
    expect(await memory.proof(messageId)).toMatchObject({ gone: true, search: null })
    expect(await memory.proof(messageId, SECRET)).toMatchObject({
      gone: true,
      search: { asked: SECRET, found: false },
    })
    expect(runtime.lines.join('\n')).not.toContain('fears')
  })

  it('erases quotations of the words in other chats with them', async () => {
    const { runtime, settled, tell } = await start()
    const { messageId } = await tell('My dog Archie fears thunder.')
    const { answered } = await tell('Does my dog fear thunder?')
    expect(answered.text).toContain('> My dog Archie fears thunder.')
    await memory.forget(messageId)
    const kept = await runtime.store.messages.find(answered.messageId)
    expect(kept?.text).toBe(answered.text)
    await memory.forget(messageId, true)
    await settled()
    expect((await runtime.store.messages.find(answered.messageId))?.text).not.toMatch(
      /fears|thunder/,
    )
  })

  it('holds for an answer that was being prepared meanwhile: its receipt has no such words', async () => {
    const { embed, settled, tell } = await start()
    await answerWithModel()
    const { messageId } = await tell(SECRET)
    embed.delayMs = 150
    const asking = say('What does my dog Archie fear?')
    await until('searching', () => embed.requests.some(({ url }) => url.endsWith('/search')))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await memory.forget(messageId)
    const { messageId: answerId } = await asking
    embed.delayMs = 0
    await settled()
    expect(JSON.stringify(await receipt(answerId))).not.toContain('fears')
    expect(await memory.proof(messageId)).toMatchObject({ receipts: 0 })
  })

  it('may be asked for twice, with the chat the second time', async () => {
    const { embed, settled, tell } = await start()
    const { messageId } = await tell(SECRET)
    const [first, second] = await Promise.all([memory.forget(messageId), memory.forget(messageId)])
    expect([first.state, second.state]).toEqual(['forgotten', 'forgotten'])
    await settled()
    expect(embed.requests.filter(({ url }) => url.endsWith('/items/delete'))).toHaveLength(1)
    expect(embed.tombstones.get(messageId)).toBe(2)
    expect(await memory.forget(messageId, true)).toMatchObject({ said: '' })
  })

  it('holds when it comes while the message is being indexed, or corrected', async () => {
    const { embed, settled } = await start()
    embed.delayMs = 80
    const messageId = randomUUID()
    await say(SECRET, { messageId })
    await until('on its way', () => embed.requests.some(({ method }) => method === 'PUT'))
    await memory.change(messageId, { text: 'Something else about thunder.' })
    await memory.forget(messageId)
    await settled()
    expect(embed.items.has(messageId)).toBe(false)
    expect(await memory.proof(messageId)).toMatchObject({ gone: true })
    expect((await memory.list('?state=forgotten')).items).toMatchObject([
      { messageId, indexed: 'gone', corrected: false },
    ])
  })

  it('is not undone by whoever asks to index the message again', async () => {
    const { embed, runtime, settled, tell } = await start()
    const { messageId } = await tell(SECRET)
    await memory.forget(messageId)
    await settled()
    embed.tombstones.clear()
    const sent = embed.requests.length
    await askToIndex(runtime.env.database, messageId)
    runtime.indexer.wake()
    await settled()
    expect(embed.requests.slice(sent).filter(({ method }) => method === 'PUT')).toEqual([])
    expect(embed.items.has(messageId)).toBe(false)
  })
})

describe('recalled context', () => {
  it('is never indexed again: quotations are not, and a model’s answer is without its notes', async () => {
    const { embed, tell } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const quoted = await tell('What is my dog afraid of?')
    expect(quoted.answered.text).toContain('afraid of thunder')
    await answerWithModel()
    const answered = await tell('Tell me what my dog is afraid of.')
    expect(answered.answered.memory?.items.length).toBeGreaterThan(0)
    expect([...embed.items.keys()].sort()).toEqual(
      [dog.messageId, quoted.messageId, answered.messageId, answered.answered.messageId].sort(),
    )
    expect(embed.items.get(answered.answered.messageId)?.text).toBe(answered.answered.text)
    expect(embed.items.get(answered.messageId)?.text).toBe('Tell me what my dog is afraid of.')
  })
})
