import { describe, expect, it, onTestFinished, vi } from 'vitest'

import { libpqEnvironment } from './libpq'

describe('the environment of pg_dump', () => {
  it.each([
    [
      'postgresql://raggen:p%40ss@db.example:5433/chats?schema=public&max=3',
      { PGHOST: 'db.example', PGPORT: '5433', PGUSER: 'raggen', PGDATABASE: 'chats' },
      { PGPASSWORD: 'p@ss' },
    ],
    ['postgresql://raggen:50%@db/chats', { PGPORT: '5432' }, { PGPASSWORD: '50%' }],
    ['postgresql://raggen@db/chats?password=se%20cret', {}, { PGPASSWORD: 'se cret' }],
    ['postgresql://raggen@%2Fvar%2Frun%2Fpostgresql/chats', { PGHOST: '/var/run/postgresql' }, {}],
    ['postgresql://raggen@db/chats?ssl=true', {}, { PGSSLMODE: 'require' }],
    ['postgresql://raggen@db/chats?sslmode=no-verify', {}, { PGSSLMODE: 'require' }],
    ['postgresql://raggen@db/chats?sslmode=verify-full', {}, { PGSSLMODE: 'verify-full' }],
  ])('says what pg reads in %s', (url, where, how) => {
    expect(libpqEnvironment(url)).toMatchObject({ ...where, ...how })
  })

  it('keeps what the URL leaves to the environment, and the way to the program', () => {
    onTestFinished(() => void vi.unstubAllEnvs())
    vi.stubEnv('PGPASSWORD', 'of-the-environment')
    vi.stubEnv('PGSSLMODE', 'disable')
    const environment = libpqEnvironment('postgresql://raggen@db/chats')
    expect(environment).toMatchObject({ PGPASSWORD: 'of-the-environment', PGSSLMODE: 'disable' })
    expect(environment.PATH).toBe(process.env.PATH)
  })
})
