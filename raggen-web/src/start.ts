import { parseEnv } from './env'
import { isRaggenError } from './errors'
import { trustedProxies } from './limits/client'
import { stampClients } from './limits/stamp'
import { createLogger, errorFields } from './log'
import { countRequests } from './metrics/requests'
import { createRuntime, setRuntime, type Runtime } from './runtime'

/** How long a stop may take to keep the answers under way. */
const CLOSE_MS = 5_000

/** Makes the runtime; where that fails, the process ends with a sentence that says what to do. */
export async function start(): Promise<void> {
  // The SDK prints warnings to the console, beside the JSON lines.
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })
  try {
    const env = parseEnv(process.env)
    countRequests()
    stampClients(trustedProxies(env.limits.trustedProxies)!) // env looked at them.
    const made = await createRuntime(env)
    setRuntime(made)
    closeOnSignals(made)
  } catch (error) {
    const log = createLogger('fatal')
    if (isRaggenError(error)) log.fatal(error.message, { code: error.code })
    else log.fatal('raggen-web could not start', errorFields(error))
    process.exit(1)
  }
}

/** Beside Next's own handlers, which wait for open streams: ending the answers ends those. */
function closeOnSignals(runtime: Runtime): void {
  const close = () => {
    setTimeout(() => process.exit(1), CLOSE_MS).unref()
    runtime
      .close()
      .catch((error: unknown) => runtime.log.error('closing failed', errorFields(error)))
  }
  process.once('SIGTERM', close)
  process.once('SIGINT', close)
}
