import { expect, it } from 'vitest'

import { createAnswerLog, type AnswerChunk, type ChatStream } from './answer-log'

const delta = (text: string): AnswerChunk => ({ type: 'text-delta', id: 'text', delta: text })
const BEGIN: AnswerChunk[] = [
  { type: 'start', messageId: 'a' },
  { type: 'text-start', id: 'text' },
]
const END: AnswerChunk[] = [{ type: 'text-end', id: 'text' }, { type: 'finish' }]

async function all(stream: ChatStream): Promise<AnswerChunk[]> {
  const chunks: AnswerChunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

const textOf = (chunks: AnswerChunk[]) =>
  chunks.map((chunk) => (chunk.type === 'text-delta' ? chunk.delta : '')).join('')

it('gives every reader the whole answer: live, in the middle and afterwards', async () => {
  const log = createAnswerLog()
  for (const chunk of BEGIN) log.append(chunk)
  const live = all(log.read())
  log.append(delta('Ar'))
  await Promise.resolve()
  log.append(delta('chie '))
  const late = all(log.read())
  for (const chunk of [delta('barks.'), ...END]) log.append(chunk)
  log.end()
  for (const chunks of [await live, await late, await all(log.read())]) {
    expect(textOf(chunks)).toBe('Archie barks.')
    const others = chunks.filter(({ type }) => type !== 'text-delta')
    expect(others).toEqual([...BEGIN, ...END])
  }
})

it('holds one piece for an answer of many, and a late reader gets it at once', async () => {
  const log = createAnswerLog()
  for (const chunk of BEGIN) log.append(chunk)
  for (let n = 0; n < 100_000; n += 1) log.append(delta('слово '))
  log.end()
  const chunks = await all(log.read())
  expect(chunks).toHaveLength(3)
  expect(textOf(chunks)).toHaveLength(600_000)
})

it('passes each piece on as it comes', async () => {
  const log = createAnswerLog()
  const reader = log.read().getReader()
  for (const word of ['one ', 'two ', 'three']) {
    const next = reader.read()
    log.append(delta(word))
    expect((await next).value).toEqual(delta(word))
  }
})

it('goes on for the others when a reader leaves', async () => {
  const log = createAnswerLog()
  const [leaving, staying] = [log.read(), all(log.read())]
  await leaving.cancel()
  log.append(delta('still here'))
  log.end()
  expect(textOf(await staying)).toBe('still here')
})

it('does not change what the writer keeps', () => {
  const log = createAnswerLog()
  const first = delta('a')
  log.append(first)
  log.append(delta('b'))
  expect(first).toEqual(delta('a'))
})
