import { z } from 'zod'

import { readBody } from '../_http/body'
import { handle } from '../_http/handle'

import { EmbedRefused, EmbedUnavailable } from '@/embed/client'
import { Unavailable } from '@/errors'
import { reconcile, repair } from '@/index/reconcile'

/** A million items take minutes. */
const TIMEOUT_MS = 15 * 60 * 1000

const Post = z.object({ repair: z.boolean() })

/** Compares both sides; with `repair`, asks the outbox to put right what differs. `raggen reconcile`. */
export const POST = handle(async ({ request, runtime, requestId }) => {
  const wanted = await readBody(request, Post)
  const { store, embed, indexer } = runtime
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)])
  try {
    const found = await reconcile({ indexed: store.indexed, embed, options: { requestId, signal } })
    if (wanted.repair && found.differences.length > 0) {
      await repair(store.indexed, found.differences, new Date())
      indexer.wake()
    }
    return Response.json(found)
  } catch (cause) {
    if (!(cause instanceof EmbedUnavailable || cause instanceof EmbedRefused)) throw cause
    throw new Unavailable('memory_unavailable', 'raggen-embed does not answer', { cause })
  }
}, 'heavy')
