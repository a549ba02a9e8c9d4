/** The longest lists (hundreds of hosted models with their descriptions) take about a tenth of it. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** The body as text; a server that never stops sending would fill the memory. */
export async function boundedText(response: Response, tooLong: () => Error): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES) throw tooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What the text says as JSON; null when it is none. */
export function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
