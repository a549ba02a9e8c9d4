import { RequestError } from '@/components/api/request'
import type { Imported } from '@/components/api/wire'

/** An import that failed; how many chats had come in before, where the server said so. */
export class ImportError extends RequestError {
  constructor(
    code: string,
    status: number,
    readonly imported: number | null,
  ) {
    super(code, status)
    this.name = 'ImportError'
  }
}

type Answer = Imported & {
  error?: { code?: unknown; detail?: { imported?: unknown } }
}

function failure(status: number, answer: Answer | null): ImportError {
  const { code, detail } = answer?.error ?? {}
  const known = typeof code === 'string' ? code : status === 0 ? 'network' : 'unknown'
  return new ImportError(
    known,
    status,
    typeof detail?.imported === 'number' ? detail.imported : null,
  )
}

/**
 * Sends a file to be imported. By XMLHttpRequest, for fetch does not say how far it has come.
 *
 * @param onProgress How much of the file was sent, 0..1. The server takes it in as it comes.
 * @throws ImportError; DOMException AbortError
 */
export function sendFile(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Imported> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/import')
    request.setRequestHeader('content-type', 'application/json')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total)
    request.onload = () => {
      const answer = request.response as Answer | null
      if (request.status === 200 && answer) resolve(answer)
      else reject(failure(request.status, answer))
    }
    request.onerror = () => reject(failure(0, null))
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
