import { vi } from 'vitest'

export type Answers = Record<string, (body: unknown) => Response | object>

/** A server in miniature: answers by method and path, keeps what was asked. */
export function serve(answers: Answers): { call: string; body: unknown }[] {
  const asked: { call: string; body: unknown }[] = []
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
    const call = `${init?.method ?? 'GET'} ${path}`
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
    asked.push({ call, body })
    const answer = answers[call]?.(body) ?? new Response(null, { status: 404 })
    return Promise.resolve(answer instanceof Response ? answer : Response.json(answer))
  })
  return asked
}
