import { handle } from '../../../_http/handle'

/** Stops the answer under way, if there is one; it is kept by the time this answers. */
export const POST = handle<{ chatId: string }>(async ({ params: { chatId }, runtime }) => {
  const { inFlight } = runtime
  // In its turn: a message that is being stored has its answer begun by then.
  await inFlight.turn(chatId, () => inFlight.stop(chatId))
  return new Response(null, { status: 204 })
})
