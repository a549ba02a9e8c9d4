import { readBody } from '../../../../../_http/body'
import { handle } from '../../../../../_http/handle'
import { RatingBody } from '../../../../../_http/rating'

type Params = { messageId: string; itemId: string }

/** Whether a piece of context was relevant for an answer. */
export const PUT = handle<Params>(async ({ request, params, runtime }) => {
  const { rating } = await readBody(request, RatingBody)
  await runtime.store.ratings.rateItem(params.messageId, params.itemId, rating)
  return Response.json({ rating })
})
