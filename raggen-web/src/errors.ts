const BRAND = Symbol.for('raggen.error')

/**
 * What can go wrong, by HTTP status. The interface translates `code` through `errors.<code>`;
 * `message` is for the log and never holds a text or a key.
 *
 *     RaggenError
 *     ├── InvalidRequest     422   the request cannot be understood
 *     ├── Unauthorised       401   a token is needed that was not sent
 *     ├── Forbidden          403   another site asked, or another host name was used
 *     ├── NotFound           404
 *     ├── Conflict           409   it contradicts what is stored or running
 *     ├── Gone               410   it was deleted, and stays so
 *     ├── TooLarge           413
 *     ├── TooManyRequests    429   asked for too much at once; detail.seconds: when to ask again
 *     ├── ProviderFailure    502   a model's server failed (src/llm/failure.ts makes them)
 *     ├── NotReady           503   start-up has not finished
 *     ├── Unavailable        503   another service does not answer
 *     ├── StorageFull        507   the disk is full
 *     └── StartFailure       –     the server does not start; the message says what to do
 */
export class RaggenError extends Error {
  readonly status: number = 500
  /** Next bundles start-up and routes apart, each with its own copy of this class: instanceof would lie. */
  readonly [BRAND] = true

  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown; detail?: Record<string, string | number> },
  ) {
    super(message, { cause: options?.cause })
    this.name = code
    this.detail = options?.detail
  }

  /** Facts for whoever reads the response, such as a limit. */
  readonly detail?: Record<string, string | number>
}

export class InvalidRequest extends RaggenError {
  override readonly status = 422
}

export class Unauthorised extends RaggenError {
  override readonly status = 401
}

export class Forbidden extends RaggenError {
  override readonly status = 403
}

export class NotFound extends RaggenError {
  override readonly status = 404
}

export class Conflict extends RaggenError {
  override readonly status = 409
}

export class Gone extends RaggenError {
  override readonly status = 410
}

export class TooLarge extends RaggenError {
  override readonly status = 413
}

export class TooManyRequests extends RaggenError {
  override readonly status = 429
}

export class ProviderFailure extends RaggenError {
  override readonly status = 502
}

export class NotReady extends RaggenError {
  override readonly status = 503
}

export class Unavailable extends RaggenError {
  override readonly status = 503
}

export class StorageFull extends RaggenError {
  override readonly status = 507
}

export class StartFailure extends RaggenError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('start_failed', message, options)
  }
}

export function isRaggenError(value: unknown): value is RaggenError {
  return typeof value === 'object' && value !== null && BRAND in value
}

export function isProviderFailure(value: unknown): value is ProviderFailure {
  return isRaggenError(value) && value.code.startsWith('provider_') && value.status === 502
}
