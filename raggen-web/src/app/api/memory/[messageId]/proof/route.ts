import { z } from 'zod'

import { readBody } from '../../../_http/body'
import { handle, type Call } from '../../../_http/handle'

import { MAX_MEMORY_CHARS } from '@/memory/govern'
import { proofOf } from '@/memory/proof'

type Params = { messageId: string }

const Asked = z.object({ words: z.string().max(MAX_MEMORY_CHARS) })

async function answer(call: Call<Params>, words: string | null) {
  const { request, params, requestId, runtime } = call
  const { signal } = request
  return Response.json(
    await proofOf(runtime, { messageId: params.messageId, words, requestId, signal }),
  )
}

/** What is left of a forgotten message; searched for by what still stands in its chat. */
export const GET = handle<Params>((call) => answer(call, null))

/** The same, searched for by words that only the one who asks still knows. Stores nothing. */
export const POST = handle<Params>(async (call) => {
  const { words } = await readBody(call.request, Asked)
  return answer(call, words)
}, 'heavy')
