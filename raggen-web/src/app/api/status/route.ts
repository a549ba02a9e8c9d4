import { handle } from '../_http/handle'

const EMBED_TIMEOUT_MS = 1_000

export const GET = handle(async ({ runtime, requestId }) => {
  const { embed, store } = runtime
  const [state, outbox] = await Promise.all([
    embed.ready({ requestId, signal: AbortSignal.timeout(EMBED_TIMEOUT_MS) }).then(
      (ready) => (ready ? 'ready' : 'starting'),
      () => 'down',
    ),
    store.outbox.pending(new Date()),
  ])
  return Response.json({ embed: { state }, outbox })
})
