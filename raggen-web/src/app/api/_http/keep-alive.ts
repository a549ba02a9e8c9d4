/** Proxies close connections that say nothing; a model may think for longer. */
export const KEEP_ALIVE_MS = 15_000
