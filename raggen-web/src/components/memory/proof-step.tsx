import { CircleAlert, CircleCheck, CircleDashed, Info } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '@/components/ui/cn'

export type StepState = 'done' | 'waiting' | 'left' | 'known'

const ICONS = {
  done: CircleCheck,
  known: Info,
  waiting: CircleDashed,
  left: CircleAlert,
} as const
const TONES = {
  done: 'text-accent',
  known: 'text-muted',
  waiting: 'text-muted',
  left: 'text-caution',
} as const

type ProofStepProps = { name: string; state: StepState; children: ReactNode }

/** One place where a forgotten message might still be, and what was found there. */
export function ProofStep({ name, state, children }: ProofStepProps) {
  const Icon = ICONS[state]
  return (
    <li className="flex gap-2.5" data-testid={`proof-${name}`} data-state={state}>
      <Icon aria-hidden className={cn('mt-0.5 size-4.5 shrink-0', TONES[state])} />
      <span className="min-w-0 flex-1 wrap-anywhere">{children}</span>
    </li>
  )
}
