/**
 * Writes what is made from other files: the schema and client for PostgreSQL from SQLite's (one
 * Prisma schema has one provider), both Prisma clients, and the types of raggen-embed's interface.
 * `--check` only says whether the files that are kept in the repository are up to date.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const schema = join(root, 'prisma', 'schema.prisma')
const derived = join(root, 'prisma', 'postgresql', 'schema.prisma')
const checking = process.argv.includes('--check')

function forPostgreSql(sqlite) {
  return sqlite
    .replace('"../src/db/generated"', '"../../src/db/generated-postgresql"')
    .replace('provider = "sqlite"', 'provider = "postgresql"')
    .replace(/^/, '// Made from ../schema.prisma by scripts/generate.mjs: change that one.\n\n')
}

function run(script, ...args) {
  const { status, error } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

const wanted = forPostgreSql(readFileSync(schema, 'utf8'))
if (checking) {
  if (readFileSync(derived, 'utf8') !== wanted) {
    process.stderr.write('prisma/postgresql/schema.prisma is out of date: npm run generate\n')
    process.exit(1)
  }
} else {
  writeFileSync(derived, wanted)
  for (const one of [schema, derived]) run('scripts/prisma.mjs', 'generate', '--schema', one)
}
