import pg from 'pg'

/** What libpq has no word for, in its own: encrypted, whoever the server is. */
const MODES: Record<string, string> = { 'no-verify': 'require' }

/** How the connection is encrypted; undefined: as libpq does it untold. */
function modeOf(query: URLSearchParams): string | undefined {
  const mode = query.get('sslmode') ?? process.env.PGSSLMODE
  if (mode !== undefined) return MODES[mode] ?? mode
  const ssl = query.get('ssl')
  if (ssl === 'true' || ssl === '1') return 'require'
  return ssl === '0' ? 'disable' : undefined
}

/**
 * The environment in which PostgreSQL's own programs reach the same database as pg does: pg reads more
 * URLs than libpq, and a URL on a command line shows its password to the whole machine.
 *
 * @throws TypeError for what pg cannot read either.
 */
export function libpqEnvironment(url: string): NodeJS.ProcessEnv {
  const { host, port, user, database, password } = new pg.Client({ connectionString: url })
  const query = new URL(url).searchParams
  const file = (name: string) => query.get(name) ?? undefined
  const told = {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGPASSWORD: password,
    PGSSLMODE: modeOf(query),
    PGSSLROOTCERT: file('sslrootcert'),
    PGSSLCERT: file('sslcert'),
    PGSSLKEY: file('sslkey'),
  }
  // What the URL does not say may stand in our own environment, where pg finds it too.
  const said = Object.entries(told).filter(([, value]) => typeof value === 'string' && value !== '')
  return { ...process.env, ...Object.fromEntries(said) }
}
