import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import { MIGRATIONS, tmpFolder } from '../../test/tmp'

import { openDatabase } from './database'
import { migrate } from './migrate'

function open() {
  const path = join(tmpFolder(), 'raggen.db')
  migrate(path, MIGRATIONS)
  const database = openDatabase(path)
  onTestFinished(() => database.close())
  return database
}

const now = new Date()
const chat = (id: string) => ({ id, title: 't', createdAt: now, updatedAt: now })

it('syncs at every commit, keeps references, and erases what is deleted', async () => {
  const { write } = open()
  const pragma = (name: string) =>
    write(
      async (tx) =>
        Object.values((await tx.$queryRawUnsafe<object[]>(`PRAGMA ${name}`))[0] ?? {})[0],
    )
  expect(String(await pragma('journal_mode'))).toBe('wal')
  expect(Number(await pragma('synchronous'))).toBe(2)
  expect(Number(await pragma('foreign_keys'))).toBe(1)
  expect(Number(await pragma('secure_delete'))).toBe(1)
})

it('cannot write through the reader', async () => {
  const { read } = open()
  await expect(read.chat.create({ data: chat('c') })).rejects.toThrow(/readonly/)
})

it('shows readers nothing of an open transaction, and none of it when it fails', async () => {
  const { read, write } = open()
  const failing = write(async (tx) => {
    await tx.chat.create({ data: chat('c1') })
    expect(await read.chat.count()).toBe(0)
    throw new Error('no')
  })
  const waiting = write((tx) => tx.chat.create({ data: chat('c2') }))
  await expect(failing).rejects.toThrow('no')
  await waiting
  expect((await read.chat.findMany()).map(({ id }) => id)).toEqual(['c2'])
})
