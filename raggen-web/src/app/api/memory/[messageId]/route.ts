import { z } from 'zod'

import { readBody } from '../../_http/body'
import { handle } from '../../_http/handle'

import { storable, VISIBLE } from '@/chat/storable'
import { changeMemory, MAX_MEMORY_CHARS } from '@/memory/govern'

const Text = z
  .string()
  .max(MAX_MEMORY_CHARS)
  .transform((text) => storable(text).trim())
  .pipe(z.string().regex(VISIBLE))

const Change = z
  .object({
    pinned: z.boolean().optional(),
    excluded: z.boolean().optional(),
    /** null: as said. */
    text: Text.nullable().optional(),
  })
  .refine(({ pinned, excluded }) => !(pinned && excluded), {
    message: 'what is given to every answer cannot be given to none',
    path: ['excluded'],
  })

/** Pins, excludes or corrects what memory holds of a message. */
export const PATCH = handle<{ messageId: string }>(async ({ request, params, runtime }) => {
  const change = await readBody(request, Change)
  const item = await changeMemory(runtime.store, params.messageId, change)
  runtime.indexer.wake()
  return Response.json({ item })
})
