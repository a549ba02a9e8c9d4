/** raggen-web's metrics on stdout, as JSON: name, help and type of each, for the reference page. */
import { source } from './sources.mjs'

const { meters } = await import(new URL('metrics/meters.ts', source))
const found = await meters().registry.getMetricsAsJSON()
const metrics = found.map(({ name, help, type }) => ({ name, help, type }))
process.stdout.write(`${JSON.stringify(metrics, null, 2)}\n`)
