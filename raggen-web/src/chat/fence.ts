/** Every character that some program takes for the end of a line. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g

/**
 * What nobody sees and a model may still read: control and formatting characters, direction marks,
 * "tags" that spell ASCII, variation selectors and fillers that hide bytes. Joiners stay inside of
 * emoji and in scripts that need them, the emoji selector behind what has one.
 */
const UNSEEN = [
  /[\p{Cc}--[\t\n]]|[\p{Cf}--[\u200c\u200d]]/gv,
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{M}[\p{L}--\p{Script=Latin}--\p{Script=Cyrillic}]])[\u200c\u200d]/gv,
  /(?<![\p{Extended_Pictographic}0-9#*])\ufe0f/gu,
  /[\u115f\u1160\u180b-\u180f\u3164\uffa0\ufe00-\ufe0e]|[\u{e0100}-\u{e01ef}]/gu,
]

/**
 * What templates of models are made of: ChatML and Llama 3 (<|im_start|>), DeepSeek (<｜User｜>),
 * Llama 2 and Mistral (<s>, [INST], <<SYS>>), Gemma (<start_of_turn>), GLM ([gMASK]), T5, byte tokens,
 * tags of reasoning and tools, and raggen's own markers. A server that parses them inside of a message
 * would begin another one; with a space inside they are words.
 */
const TEMPLATE_WORDS = [
  's|bos|eos|pad|unk|mask|cls|sep|sop|eop|n',
  'endoftext|begin_of_text|end_of_text|im_start|im_end|im_sep|start_of_turn|end_of_turn|start_of_image',
  'think|thinking|reasoning|tools?|tool_calls?|tool_response|tool_result|function_calls?|functions?',
  'system|user|assistant|human|developer|instructions?|system_prompt|context|documents?|memory|notes?',
  String.raw`reserved_\w+|unused_?\d+|extra_id_\d+|special_\d+|0x[0-9a-f]{2}`,
].join('|')
const SQUARE_WORDS =
  'INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|ARGS|CALL_ID|PREFIX|SUFFIX|MIDDLE|IMG|THINK|gMASK|sMASK|MASK|CLS|SEP|PAD|UNK|BOS|EOS'
const TEMPLATE = [
  /[<＜﹤](?=[|｜])/g,
  /[|｜](?=[>＞﹥])/g,
  /<(?=<\s*\/?(?:sys|memory|end of memory)\b)/gi,
  new RegExp(`[<＜﹤](?=/?(?:${TEMPLATE_WORDS})[>＞﹥])`, 'gi'),
  new RegExp(String.raw`\[(?=/?(?:${SQUARE_WORDS})\])`, 'g'),
]

/** The text as data: all that can be read, in its lines, and nothing that steers. */
function harmless(text: string): string {
  const seen = UNSEEN.reduce(
    (left, unseen) => left.replace(unseen, ''),
    text.toWellFormed().replace(LINE_END, '\n'),
  )
  return TEMPLATE.reduce((left, token) => left.replace(token, '$& '), seen)
}

/** For the line of facts above a note: one line, and no quotation mark that would end it. */
export function harmlessLine(text: string): string {
  return harmless(text).replace(/\s+/g, ' ').replaceAll('"', '”').trim()
}

/** Begins like a note, a heading, a quotation or somebody's turn. */
const STEERING = /^\s*(?:[[#<>|`*-]|\S{1,24}(?: \S{1,24})?:)/u

/**
 * A remembered text as it stands in a prompt: each line behind "> ", so that no line of it can pass
 * for another note, a heading or a turn. `brief`: for a very small model, which copies the marks, the
 * first line has none where it cannot be mistaken.
 */
export function quoted(text: string, brief: boolean): string {
  const lines = harmless(text).split('\n')
  return lines
    .map((line, at) => (brief && at === 0 && !STEERING.test(line) ? line : `> ${line}`))
    .join('\n')
}

/** Letters that mark where memory begins and ends, and that no piece contains, however it learnt them. */
export function unusedBoundary(boundary: string, pieces: string[]): string {
  let mark = boundary
  while (pieces.some((text) => text.includes(mark))) mark += `-${mark.length}`
  return mark
}

/** The pieces between their markers. */
export function fenced(pieces: string[], boundary: string): string {
  const mark = unusedBoundary(boundary, pieces)
  return [`<<memory ${mark}>>`, ...pieces, `<<end of memory ${mark}>>`].join('\n\n')
}
