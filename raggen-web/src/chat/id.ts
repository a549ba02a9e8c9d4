import { z } from 'zod'

/** Ids that browsers make: crypto.randomUUID, or the AI SDK's. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)
