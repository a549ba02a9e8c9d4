import { handle } from '../../_http/handle'

import { discoverServers, portsOf } from '@/llm/discovery'

/** Model servers on the usual local ports, but those connected already and raggen itself. */
export const GET = handle(async ({ runtime }) => {
  const { env, store } = runtime
  const own = portsOf([env.embedUrl, env.localModelUrl].filter((url) => url !== '')).add(
    String(env.port),
  )
  const found = await discoverServers(env.discovery, own)
  const connected = new Set((await store.providers.list()).map(({ baseUrl }) => baseUrl))
  return Response.json({ servers: found.filter(({ baseUrl }) => !connected.has(baseUrl)) })
})
