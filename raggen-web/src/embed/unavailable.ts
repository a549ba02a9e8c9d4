/** raggen-embed did not answer, or said that it cannot now: worth asking again later. */
export class EmbedUnavailable extends Error {
  override name = 'EmbedUnavailable'
  constructor(
    message: string,
    /** undefined: no HTTP answer at all. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
