/** Shorter than any silence that counts as a failure. */
const SIGN_EVERY_MS = 200

/** Says '' while `waiting` is not over: it is raggen that waits, not the provider that is silent. */
export async function* aliveUntil<T>(waiting: Promise<T>): AsyncGenerator<'', T, undefined> {
  let over = false
  waiting.then(
    () => (over = true),
    () => (over = true),
  )
  for (;;) {
    let timer: NodeJS.Timeout | undefined
    const sign = new Promise<void>((resolve) => (timer = setTimeout(resolve, SIGN_EVERY_MS)))
    await Promise.race([waiting, sign]).finally(() => clearTimeout(timer))
    if (over) return waiting
    yield ''
  }
}
