/**
 * Prisma's command line without its download: the CLI wants a native schema engine from a host that
 * many machines do not reach, even for `generate`. Unless PRISMA_SCHEMA_ENGINE_BINARY says otherwise,
 * it gets prisma/schema-engine, the same engine compiled to WASM.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const cli = createRequire(import.meta.url).resolve('prisma/build/index.js')

const { status, error } = spawnSync(process.execPath, [cli, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'prisma', 'schema-engine'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    ...process.env,
  },
})
if (error) throw error
process.exitCode = status ?? 1
