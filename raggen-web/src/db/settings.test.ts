import SqliteDatabase from 'better-sqlite3'
import { expect, it } from 'vitest'

import { tmpStore } from '../../test/tmp'

it('has defaults, keeps what is put, and ignores what another version wrote', async () => {
  const { settings, path } = tmpStore()
  expect(await settings.memory()).toEqual({ enabled: true, k: 8 })
  await settings.setMemory({ enabled: false, k: 3 })
  expect(await settings.memory()).toEqual({ enabled: false, k: 3 })
  const db = new SqliteDatabase(path)
  db.prepare(`UPDATE "Setting" SET value = '{"k":"many"}' WHERE key = 'memory'`).run()
  db.close()
  expect(await settings.memory()).toEqual({ enabled: true, k: 8 })
})
