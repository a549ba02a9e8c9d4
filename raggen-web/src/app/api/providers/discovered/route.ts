import { handle } from '../../_http/handle'

import { discoverServers, portsOf } from '@/llm/discovery'

/** Model servers on the usual local ports, but those connected already and raggen itself. */
export const GET = handle(async ({ runtime }) => {
  const { env, store, registry } = runtime
  const own = portsOf([env.embedUrl, env.localModelUrl].filter((url) => url !== '')).add(
    String(env.port),
  )
  const found = await discoverServers(env.discovery, own)
  const servers = [...registry.environment, ...(await store.providers.list())]
  const connected = new Set(servers.map(({ baseUrl }) => baseUrl))
  return Response.json({ servers: found.filter(({ baseUrl }) => !connected.has(baseUrl)) })
}, 'heavy')
