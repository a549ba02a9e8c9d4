import { handle } from '../api/_http/handle'

/** 200 once migrations are applied and the database answers; 503 until then. */
export const GET = handle(async ({ runtime }) => {
  await runtime.store.settings.selection()
  return Response.json({ status: 'ready' })
})
