/** Characters that no file system minds. `name` ends in a dot and its kind. */
function fileName(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cf}\\/:*?"<>|]+/gu, ' ').replace(/\s+/g, ' ')
  return plain.replace(/^[\s.]+/, '').replace(/ +(?=\.\w+$)/, '')
}

async function* encoded(pieces: AsyncIterable<string> | string[]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const piece of pieces) yield encoder.encode(piece)
}

/** As fast as it is read, and no faster. */
function streamed(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await chunks.return(undefined)
    },
  })
}

/** A download under this name, written as it is made. `type` without a charset: it is UTF-8. */
export function attachment(
  name: string,
  type: 'application/json' | 'text/markdown',
  pieces: AsyncIterable<string> | string[],
): Response {
  // RFC 6266: the second form is for names beyond ASCII.
  const written = encodeURIComponent(fileName(name)).replace(/['()]/g, escape)
  return new Response(streamed(encoded(pieces)), {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="raggen${name.slice(name.lastIndexOf('.'))}"; filename*=UTF-8''${written}`,
    },
  })
}
