import { listModels } from './models'

export type FoundServer = { name: string; baseUrl: string; models: string[] }

const DEADLINE_MS = 400
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

function portOf(url: string): string {
  const { port, protocol } = new URL(url)
  return port || (protocol === 'https:' ? '443' : '80')
}

/**
 * Asks the usual local ports for a model server, all at once. Loopback alone, whatever the setting
 * says: looking around must not send anything off this machine. Ports in `own` are raggen's.
 */
export async function discoverServers(
  places: { name: string; url: string }[],
  own: Set<string>,
): Promise<FoundServer[]> {
  const asked = places
    .filter(({ url }) => LOOPBACK.has(new URL(url).hostname) && !own.has(portOf(url)))
    .map(async ({ name, url }): Promise<FoundServer[]> => {
      const baseUrl = /\/v\d+$/.test(url) ? url : `${url}/v1`
      try {
        return [{ name, baseUrl, models: await listModels(baseUrl, null, DEADLINE_MS) }]
      } catch {
        return [] // Nothing listens there, or something else does.
      }
    })
  return (await Promise.all(asked)).flat()
}

/** The ports of these addresses, as `discoverServers` compares them. */
export function portsOf(urls: string[]): Set<string> {
  return new Set(urls.map(portOf))
}
