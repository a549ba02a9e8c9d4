import { AsyncLocalStorage } from 'node:async_hooks'

/** Next bundles start-up and routes apart: the process's global object is all they share. */
const KEY = Symbol.for('raggen.request-scope')
type Place = { [KEY]?: AsyncLocalStorage<string> }

function scope(): AsyncLocalStorage<string> {
  return ((globalThis as Place)[KEY] ??= new AsyncLocalStorage<string>())
}

/** Does `work` under a request's id: whatever it logs or asks of others carries it, also later on. */
export function within<T>(requestId: string, work: () => T): T {
  return scope().run(requestId, work)
}

/** Of the request that this work is done for; undefined: for none. */
export function currentRequestId(): string | undefined {
  return scope().getStore()
}
