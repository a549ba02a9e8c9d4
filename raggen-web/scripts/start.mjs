/**
 * Starts the built server on loopback, with a database in the repository's data folder unless told
 * otherwise. `HOSTNAME` is not read: shells and containers set it to other things.
 */
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)

process.env.NODE_ENV = 'production'
process.env.HOSTNAME = process.env.RAGGEN_WEB_HOST ?? '127.0.0.1'
process.env.PORT = process.env.RAGGEN_WEB_PORT ?? process.env.PORT ?? '3000'
process.env.RAGGEN_WEB_DATABASE_URL ??= `file:${join(dirname(root), 'data', 'web', 'raggen.db')}`
await import(join(root, '.next', 'standalone', 'server.js'))
