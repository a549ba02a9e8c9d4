/** Starts the built server on loopback. `HOSTNAME` is not read: shells and containers set it to other things. */
import { dirname, join } from 'node:path'

process.env.HOSTNAME = process.env.RAGGEN_WEB_HOST ?? '127.0.0.1'
process.env.PORT = process.env.RAGGEN_WEB_PORT ?? process.env.PORT ?? '3000'
await import(join(dirname(import.meta.dirname), '.next', 'standalone', 'server.js'))
