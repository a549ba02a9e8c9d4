import { currentRequestId } from './request-scope'

/** JSON lines on stdout. Fields are facts and ids: never a message's text, never a key. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type LogFields = Record<string, string | number | boolean | null | undefined>
export type Logger = Record<LogLevel, (message: string, fields?: LogFields) => void>

export function createLogger(
  lowest: LogLevel,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Logger {
  const log =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(lowest)) return
      const time = new Date().toISOString()
      const line = { time, level, service: 'raggen-web', message, request_id: currentRequestId() }
      write(`${JSON.stringify({ ...line, ...fields })}\n`)
    }
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    fatal: log('fatal'),
  }
}

/** Prisma's messages begin with the query and its values, somebody's texts; their last line says why. */
function messageOf(error: Error): string {
  if (!error.name.startsWith('PrismaClient')) return error.message
  return error.message.trim().split('\n').at(-1) ?? ''
}

/** An error as log fields: its name and message with those of its causes, no stack with data in it. */
export function errorFields(error: unknown): LogFields {
  const chain: string[] = []
  for (let at: unknown = error; at instanceof Error && chain.length < 5; at = at.cause) {
    chain.push(`${at.name}: ${messageOf(at)}`)
  }
  return { error: chain.length > 0 ? chain.join(' ← ') : String(error) }
}
