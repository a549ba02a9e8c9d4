import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import { MIGRATIONS, tmpFolder } from '../../test/tmp'

import { openDatabase } from './open'
import { migrate } from './sqlite-migrate'

import { errorFields } from '@/log'

function open() {
  const path = join(tmpFolder(), 'raggen.db')
  migrate(path, MIGRATIONS)
  const database = openDatabase({ kind: 'sqlite', path })
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

it('leaves the disk its time where a power cut may take back, and syncs again after it', async () => {
  const { read, write, writeUnsynced } = open()
  const level = async (of: typeof write) => {
    const [row] = await of((tx) => tx.$queryRawUnsafe<object[]>('PRAGMA synchronous'))
    return Number(Object.values(row ?? {})[0])
  }
  const levels = await Promise.all([write, writeUnsynced, writeUnsynced, write].map(level))
  expect(levels).toEqual([2, 1, 1, 2])
  await writeUnsynced((tx) => tx.chat.create({ data: chat('c1') }))
  expect(await read.chat.count()).toBe(1)
})

it('cannot write through the reader', async () => {
  const { read } = open()
  await expect(read.chat.create({ data: chat('c') })).rejects.toThrow(/readonly/)
})

it('says that the disk is full, and goes on when it no longer is', async () => {
  const { read, write } = open()
  const allow = (pages: number) =>
    write((tx) => tx.$queryRawUnsafe(`PRAGMA max_page_count = ${pages}`))
  await allow(1) // SQLite takes the present size for it.
  const title = 'x'.repeat(1_000_000)
  const data = { ...chat('c1'), title }
  await expect(write((tx) => tx.chat.create({ data }))).rejects.toMatchObject({
    code: 'storage_full',
    status: 507,
  })
  await allow(1_000_000)
  await write((tx) => tx.chat.create({ data }))
  expect(await read.chat.count()).toBe(1)
})

it('keeps texts out of the errors of failed queries', async () => {
  const { write } = open()
  const title = 'A secret.'
  const wrong = { ...chat('c1'), title, createdAt: new Date('never') }
  const errors = [
    await write((tx) => tx.chat.create({ data: wrong })).catch((error: unknown) => error),
    await write(async (tx) => {
      await tx.chat.create({ data: { ...chat('c2'), title } })
      await tx.chat.create({ data: { ...chat('c2'), title } })
    }).catch((error: unknown) => error),
  ]
  for (const error of errors) {
    expect(error).toBeInstanceOf(Error)
    expect(errorFields(error).error).toMatch(/^PrismaClient\w+: \S/)
    expect(errorFields(error).error).not.toContain(title)
  }
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
