import { usedMemory } from './memory'

import type { Prompt, Receipt } from '@/components/api/wire'

/** What a model got: three messages in a window of 8,192 tokens. */
export function modelPrompt(changes: Partial<Prompt> = {}): Prompt {
  return {
    provider: 's1',
    model: 'qwen',
    parameters: { temperature: 0.3, max_tokens: 500 },
    messages: [
      { role: 'system', content: 'You are raggen.\n  Two spaces, <b>no markup</b> & [no](link).' },
      { role: 'assistant', content: 'Noted.' },
      { role: 'user', content: 'What is my dog afraid of?' },
    ],
    tokens: 1640,
    parts: { instructions: 320, context: 1200, history: 0, question: 120 },
    countedBy: 'estimate',
    windowTokens: 8192,
    answerTokens: 1024,
    leftOut: null,
    memory: usedMemory(2),
    ...changes,
  }
}

/** What is kept of it with the answer. */
export function receipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    ...modelPrompt(),
    origin: 'fresh',
    timings: { retrievalMs: 42, firstTokenMs: 812, totalMs: 12_340 },
    createdAt: '2026-11-23T08:05:00Z',
    ...changes,
  }
}
