/** One element of the list that a file holds; `text` null: it was passed over, and why. */
export type Piece =
  { index: number; text: string } | { index: number; text: null; fault: 'too_large' | 'too_deep' }

/** The file cannot be read on: it is not what it seemed to be, or it breaks off. */
export class BrokenFile extends Error {
  override name = 'BrokenFile'
}

export type PieceLimits = {
  /** Bytes of one element. */
  pieceBytes: number
  /** Brackets within one element that stand in each other. */
  depth: number
}

const [QUOTE, BACKSLASH, COMMA, OBJECT_START, ARRAY_START, ARRAY_END] = Buffer.from('"\\,{[]')
const OPENING = new Set(Buffer.from('[{'))
const CLOSING = new Set(Buffer.from(']}'))
const BLANK = new Set(Buffer.from(' \t\n\r'))
const BYTE_ORDER_MARK = new Set(Buffer.from('\uFEFF'))
/** What may stand before the list. */
const HEADER_BYTES = 64 * 1024

/**
 * Takes a JSON document apart while it comes in, so that it need not be held whole: an array, or an
 * object with an array under `key`. Pieces are cut at their brackets and not judged: each is parsed
 * by whoever asked. What stands after the list is only checked for its brackets.
 */
export class JsonPieces {
  /** The object as far as the list, known with the first piece. null: the document is a bare list. */
  header: Record<string, unknown> | null = null

  private phase: 'before' | 'list' | 'after' = 'before'
  private readonly before: number[] = []
  private kept: Uint8Array[] = []
  private keptBytes = 0
  private depth = 0
  private deepest = 0
  private inString = false
  private escaped = false
  private inPiece = false
  private commaDue = false
  private index = 0

  constructor(
    private readonly key: string,
    private readonly limits: PieceLimits,
  ) {}

  /** A list was found. */
  get begun(): boolean {
    return this.phase !== 'before'
  }

  /** @throws BrokenFile */
  *push(chunk: Uint8Array): Generator<Piece> {
    let from = 0
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0
      if (this.phase !== 'list') {
        this.around(byte)
        continue
      }
      if (!this.inPiece) {
        if (BLANK.has(byte) || this.separates(byte)) continue
        this.inPiece = true
        from = at
      }
      // A number has no end of its own: what follows it belongs to the list.
      if (this.depth === 0 && !this.inString && (byte === COMMA || byte === ARRAY_END)) {
        yield this.cut(chunk.subarray(from, at))
        this.separates(byte)
        continue
      }
      this.step(byte)
      if (this.depth === 0 && !this.inString && (CLOSING.has(byte) || byte === QUOTE)) {
        yield this.cut(chunk.subarray(from, at + 1))
      }
    }
    if (this.inPiece) this.keep(chunk.subarray(from))
  }

  /** @throws BrokenFile when the document was not complete. */
  end(): void {
    if (this.phase !== 'after' || this.depth !== 0) throw new BrokenFile('it breaks off')
  }

  /** Strings and brackets, as JSON has them. */
  private step(byte: number): void {
    if (this.inString) {
      if (this.escaped) this.escaped = false
      else if (byte === BACKSLASH) this.escaped = true
      else if (byte === QUOTE) this.inString = false
    } else if (byte === QUOTE) this.inString = true
    else if (OPENING.has(byte)) {
      this.depth += 1
      this.deepest = Math.max(this.deepest, this.depth)
    } else if (CLOSING.has(byte)) this.depth -= 1
    if (this.depth < 0) throw new BrokenFile('a bracket closes what was not open')
  }

  /** Outside the list: before it, until it opens, and after it. */
  private around(byte: number): void {
    if (this.phase === 'after') {
      if (BLANK.has(byte)) return
      if (this.depth === 0) throw new BrokenFile('something follows its end')
      return this.step(byte)
    }
    const atTop = this.before.length === 0
    if (atTop && (BLANK.has(byte) || BYTE_ORDER_MARK.has(byte))) return
    if (atTop && byte !== ARRAY_START && byte !== OBJECT_START) throw new BrokenFile('not JSON')
    if (byte === ARRAY_START && !this.inString && this.depth <= 1 && this.isList()) {
      this.phase = 'list'
      this.depth = 0
      return
    }
    this.before.push(byte)
    if (this.before.length > HEADER_BYTES) throw new BrokenFile('no list at its beginning')
    this.step(byte)
    if (this.depth === 0) throw new BrokenFile('no list in it')
  }

  /** Whether the array that opens here is the list: the document itself, or what stands under `key`. */
  private isList(): boolean {
    if (this.before.length === 0) return true
    let header: Record<string, unknown>
    try {
      header = JSON.parse(`${Buffer.from(this.before).toString('utf8')}[]}`) as typeof header
    } catch (cause) {
      throw new BrokenFile('its beginning is not JSON', { cause })
    }
    if (Object.keys(header).at(-1) !== this.key) return false
    this.header = header
    return true
  }

  /** A comma or the list's end: true. Anything else begins a piece. */
  private separates(byte: number): boolean {
    if (byte === ARRAY_END) {
      this.phase = 'after'
      this.depth = this.header === null ? 0 : 1
      return true
    }
    if (byte === COMMA && this.commaDue) {
      this.commaDue = false
      return true
    }
    if (this.commaDue || byte === COMMA) throw new BrokenFile('its list is not a list')
    return false
  }

  private keep(bytes: Uint8Array): void {
    this.keptBytes += bytes.length
    if (this.keptBytes > this.limits.pieceBytes)
      this.kept = [] // Only its end matters now.
    else this.kept.push(bytes.slice())
  }

  private cut(last: Uint8Array): Piece {
    this.keep(last)
    const { index, deepest, keptBytes } = this
    const text = Buffer.concat(this.kept).toString('utf8')
    Object.assign(this, { kept: [], keptBytes: 0, deepest: 0, inPiece: false, commaDue: true })
    this.index += 1
    if (keptBytes > this.limits.pieceBytes) return { index, text: null, fault: 'too_large' }
    if (deepest > this.limits.depth) return { index, text: null, fault: 'too_deep' }
    return { index, text }
  }
}
