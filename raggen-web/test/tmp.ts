import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { openStore, type Store } from '@/db/store'

export const MIGRATIONS = join(import.meta.dirname, '..', 'prisma', 'migrations')

/** A folder that is removed when the test ends. */
export function tmpFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'raggen-web-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store on a real SQLite file, closed when the test ends. `path` opens a second one on the same file. */
export function tmpStore(path = join(tmpFolder(), 'raggen.db')): Store & { path: string } {
  const store = openStore({ path, secretFile: `${path}.key`, migrationsFolder: MIGRATIONS })
  onTestFinished(() => store.close())
  return Object.assign(store, { path })
}
