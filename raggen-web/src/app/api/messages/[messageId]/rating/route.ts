import { readBody } from '../../../_http/body'
import { handle } from '../../../_http/handle'
import { RatingBody } from '../../../_http/rating'

/** What the person thinks of an answer. */
export const PUT = handle<{ messageId: string }>(async ({ request, params, runtime }) => {
  const { rating } = await readBody(request, RatingBody)
  await runtime.store.ratings.rate(params.messageId, rating, new Date())
  return Response.json({ rating })
})
