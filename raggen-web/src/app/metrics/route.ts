import packageJson from '../../../package.json'
import { handle } from '../api/_http/handle'

import { checkReader } from './access'

import { errorFields } from '@/log'
import { meters } from '@/metrics/meters'
import type { Runtime } from '@/runtime'

/** What is looked up when somebody asks; `ready` says whether the database answered. */
async function look({ store, inFlight, log }: Runtime): Promise<void> {
  const now = meters()
  now.build.set({ version: packageJson.version }, 1)
  now.answersUnderWay.set(inFlight.count())
  try {
    const [totals, outbox] = await Promise.all([
      store.statistics.totals(),
      store.outbox.pending(new Date()),
    ])
    now.outboxRows.set(outbox.pending)
    now.outboxOldestSeconds.set(outbox.oldestSeconds)
    now.chats.set(totals.chats)
    now.messages.set(totals.messages)
    for (const [state, count] of Object.entries(totals.items)) now.items.set({ state }, count)
    now.databaseBytes.set(totals.bytes)
    if (totals.diskFreeBytes !== null) now.diskFreeBytes.set(totals.diskFreeBytes)
    now.ready.set(1)
  } catch (error) {
    now.ready.set(0)
    log.error('the database could not be counted', errorFields(error))
  }
}

/** For Prometheus, in its text format; not for everybody (access.ts). */
export const GET = handle(async ({ request, runtime }) => {
  checkReader(request.headers, runtime.env.metricsToken)
  await look(runtime)
  const { registry } = meters()
  return new Response(await registry.metrics(), {
    headers: { 'content-type': registry.contentType },
  })
})
