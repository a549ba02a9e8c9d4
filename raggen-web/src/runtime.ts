import { join } from 'node:path'

import { createAnswersInFlight, type AnswersInFlight } from './chat/in-flight'
import { createSweeper, type Sweeper } from './chat/sweeper'
import { createTitler, type Titler } from './chat/titler'
import { describeLocation } from './db/location'
import { hold } from './db/open'
import type { Held } from './db/postgresql'
import { openStore, type Store } from './db/store'
import { createEmbedClient, type EmbedClient } from './embed/client'
import type { Env } from './env'
import { NotReady } from './errors'
import { createIndexer, type Indexer } from './index/indexer'
import { createPlaces, type Places } from './limits/places'
import { createRequestLimits, type RequestLimits } from './limits/requests'
import { createRegistry, type Registry } from './llm/registry'
import { createLogger, type Logger } from './log'

/** Everything that lives as long as the process, made once in src/instrumentation.ts. */
export type Runtime = {
  env: Env
  log: Logger
  store: Store
  embed: EmbedClient
  registry: Registry
  /** How much each client asked for. */
  requestLimits: RequestLimits
  /** For answers under way. */
  places: Places
  inFlight: AnswersInFlight
  titler: Titler
  sweeper: Sweeper
  indexer: Indexer
  /** Ends and keeps the answers under way, stops what runs behind them, closes the database. */
  close: () => Promise<void>
}

/**
 * Takes the database for itself, opens the store (applying migrations), mends what a crash left, and
 * starts the indexer and the sweeper.
 *
 * @throws StartFailure with a sentence that says what to do.
 */
export async function createRuntime(env: Env, log = createLogger(env.logLevel)): Promise<Runtime> {
  const held = await hold(env.database, join(process.cwd(), 'prisma'), env.copies)
  try {
    return await openRuntime(env, log, held)
  } catch (error) {
    await held.release()
    throw error
  }
}

async function openRuntime(env: Env, log: Logger, { migrated, release }: Held): Promise<Runtime> {
  const store = openStore(env.database, env.secretFile)
  const interrupted = await store.messages.interruptStale(new Date())
  const database = describeLocation(env.database)
  log.info('store opened', { database, migrations: migrated.length, interrupted })
  const embed = createEmbedClient(env.embedUrl, env.embedKey)
  const inFlight = createAnswersInFlight()
  const indexer = createIndexer({ outbox: store.outbox, embed, log, isAwaited: inFlight.isAwaited })
  const titler = createTitler({ store, log })
  const { copies } = env
  const sweeper = createSweeper({ chats: store.chats, copies, log, wakeIndexer: indexer.wake })
  await sweeper.sweep(new Date())
  indexer.start()
  sweeper.start()
  return {
    env,
    log,
    store,
    embed,
    registry: createRegistry({
      localModelUrl: env.localModelUrl,
      environment: env.providers,
      silenceMs: env.providerSilenceMs,
    }),
    requestLimits: createRequestLimits(env.limits.requests),
    places: createPlaces(env.limits.answers),
    inFlight,
    titler,
    sweeper,
    indexer,
    async close() {
      await inFlight.interruptAll()
      await titler.stop()
      await sweeper.stop()
      await indexer.stop()
      await store.close()
      await release()
    },
  }
}

/** Next bundles start-up and routes apart: the process's global object is all they share. */
const KEY = Symbol.for('raggen.runtime')
type Place = { [KEY]?: Runtime }

export function setRuntime(runtime: Runtime | undefined): void {
  ;(globalThis as Place)[KEY] = runtime
}

/** @throws NotReady until start-up has finished. */
export function runtime(): Runtime {
  const made = (globalThis as Place)[KEY]
  if (!made) throw new NotReady('not_ready', 'start-up has not finished')
  return made
}
