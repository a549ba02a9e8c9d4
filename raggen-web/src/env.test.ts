import { describe, expect, it } from 'vitest'

import { parseEnv } from './env'

const DATABASE = { RAGGEN_WEB_DATABASE_URL: 'file:/data/raggen.db' }
const parse = (variables: Record<string, string>) =>
  parseEnv({ NODE_ENV: 'production', ...DATABASE, ...variables })

describe('parseEnv', () => {
  it('needs the database alone', () => {
    expect(parse({})).toEqual({
      database: { kind: 'sqlite', path: '/data/raggen.db' },
      secretFile: '/data/secret.key',
      copies: { folder: '/data/backups', isOptional: false },
      embedUrl: 'http://127.0.0.1:8001',
      embedKey: '',
      localModelUrl: '',
      discovery: [
        { name: 'Ollama', url: 'http://127.0.0.1:11434' },
        { name: 'LM Studio', url: 'http://127.0.0.1:1234' },
        { name: 'llama.cpp', url: 'http://127.0.0.1:8080' },
        { name: 'vLLM', url: 'http://127.0.0.1:8000' },
      ],
      metricsToken: '',
      logLevel: 'info',
      retrievalTimeoutMs: 800,
      providerSilenceMs: 30_000,
      providers: [],
      port: 3000,
      limits: {
        requests: {
          ask: { requests: 60, seconds: 60 },
          heavy: { requests: 300, seconds: 60 },
          write: { requests: 600, seconds: 60 },
          read: { requests: 3000, seconds: 60 },
        },
        answers: { perClient: 16, inAll: 64 },
        trustedProxies: [],
      },
    })
  })

  it('takes what is written', () => {
    const env = parse({
      RAGGEN_WEB_EMBED_URL: 'http://127.0.0.1:9001/',
      RAGGEN_EMBED_API_KEY: 'a-key-of-somebody',
      RAGGEN_WEB_LOCAL_MODEL_URL: 'http://127.0.0.1:8002/v1/',
      RAGGEN_WEB_DISCOVERY_URLS: 'A=http://127.0.0.1:1, B=http://127.0.0.1:2/v1',
      RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS: '300',
      PORT: '4000',
    })
    expect(env).toMatchObject({
      embedUrl: 'http://127.0.0.1:9001',
      embedKey: 'a-key-of-somebody',
      localModelUrl: 'http://127.0.0.1:8002/v1',
      discovery: [
        { name: 'A', url: 'http://127.0.0.1:1' },
        { name: 'B', url: 'http://127.0.0.1:2/v1' },
      ],
      retrievalTimeoutMs: 300,
      port: 4000,
    })
    expect(parse({ RAGGEN_WEB_DISCOVERY_URLS: '' }).discovery).toEqual([])
  })

  it.each([
    ['RAGGEN_WEB_DATABASE_URL', 'file:raggen.db', /absolute path/],
    ['RAGGEN_WEB_DATABASE_URL', 'mysql://x', /file: and an absolute path/],
    ['RAGGEN_WEB_SECRET_FILE', 'secret.key', /absolute path/],
    ['RAGGEN_WEB_EMBED_URL', 'localhost:8001', /full address such as/],
    ['RAGGEN_EMBED_API_KEY', 'two words', /no spaces/],
    ['RAGGEN_WEB_LOCAL_MODEL_URL', 'yes', /full address such as/],
    ['RAGGEN_WEB_DISCOVERY_URLS', 'Ollama', /names with addresses/],
    ['RAGGEN_WEB_LOG_LEVEL', 'loud', /one of debug, info/],
    ['RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS', 'soon', /milliseconds from 50/],
    ['RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS', '5', /milliseconds from 50/],
    ['RAGGEN_WEB_PROVIDER_SILENCE_MS', '0', /milliseconds from 100/],
    ['RAGGEN_OPENAI_BASE_URL', 'api.openai.com', /full address such as/],
    ['RAGGEN_YANDEXGPT_FOLDER', 'b1 g', /folder's id/],
    ['RAGGEN_GIGACHAT_SCOPE', 'PERS', /one of GIGACHAT_API_PERS/],
    ['RAGGEN_GIGACHAT_AUTH_KEY', 'two words', /without spaces/],
  ])('refuses %s=%s with a sentence that names it', (name, value, sentence) => {
    expect(() => parse({ [name]: value })).toThrow(sentence)
    expect(() => parse({ [name]: value })).toThrow(name)
  })

  it('asks for a database in production', () => {
    expect(() => parseEnv({ NODE_ENV: 'production' })).toThrow(/RAGGEN_WEB_DATABASE_URL is missing/)
  })
})
