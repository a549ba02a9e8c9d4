import { z } from 'zod'

/** A thumb up, a thumb down, or the thumb taken back. */
export const RatingBody = z.object({ rating: z.union([z.literal(1), z.literal(-1), z.null()]) })
