import { z } from 'zod'

import { handle } from '../_http/handle'
import { readQuery } from '../_http/query'

/** RFC 3339, or a day: its beginning in UTC. */
const Query = z.object({
  since: z
    .union([z.iso.datetime({ offset: true }), z.iso.date()])
    .transform((text) => new Date(text))
    .nullable()
    .default(null),
})

/** How the answers since a moment did, in figures: no words of anybody are among them. */
export const GET = handle(async ({ request, runtime }) => {
  const { since } = readQuery(request, Query)
  const { store } = runtime
  const [figures, servers] = await Promise.all([store.figures.read(since), store.providers.list()])
  const names = new Map(servers.map(({ id, name }) => [id, name]))
  const providers = figures.providers.map((row) => {
    return { ...row, name: names.get(row.provider) ?? row.provider }
  })
  return Response.json({ since, ...figures, providers })
}, 'heavy')
