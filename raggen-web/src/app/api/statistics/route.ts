import packageJson from '../../../../package.json'
import { handle } from '../_http/handle'

import { meters } from '@/metrics/meters'

const EMBED_TIMEOUT_MS = 1_000

/** How raggen is and how much there is of it, for `raggen status`: no texts, no names of chats. */
export const GET = handle(async ({ runtime, requestId }) => {
  const { embed, store, inFlight } = runtime
  const signal = AbortSignal.timeout(EMBED_TIMEOUT_MS)
  const [memory, totals, outbox, lastAnswer, breaker] = await Promise.all([
    embed.ready({ requestId, signal }).then(
      (ready) => (ready ? { state: 'ready', model: ready.model } : { state: 'starting' }),
      () => ({ state: 'down' }),
    ),
    store.statistics.totals(),
    store.outbox.pending(new Date()),
    store.statistics.lastAnswer(),
    meters().breakerOpen.get(),
  ])
  return Response.json({
    version: packageJson.version,
    uptimeSeconds: Math.floor(process.uptime()),
    embed: memory,
    breakerOpen: breaker.values[0]?.value === 1,
    ...totals,
    outbox,
    answersUnderWay: inFlight.count(),
    lastAnswer,
  })
}, 'heavy')
