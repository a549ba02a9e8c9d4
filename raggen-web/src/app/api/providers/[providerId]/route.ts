import { handle } from '../../_http/handle'

export const DELETE = handle<{ providerId: string }>(async ({ params, runtime }) => {
  await runtime.store.providers.remove(params.providerId)
  return new Response(null, { status: 204 })
})
