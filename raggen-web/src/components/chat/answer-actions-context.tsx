'use client'

import { createContext, useContext } from 'react'
import type { ReactNode } from 'react'

/** What a further answer stands on: a new search, the items of the old answer, or nothing. */
export type AnswerContext = 'fresh' | 'same' | 'none'

export type AnswerActions = {
  /** Asks for a further answer, beside `answerId`, to the question that it answered. */
  regenerate: (answerId: string, context: AnswerContext) => void
  /** An answer is being written in this chat: another one cannot be asked for now. */
  busy: boolean
}

const AnswerActionsContext = createContext<AnswerActions | null>(null)

/** Lets what is shown inside an answer (its context, its receipt) ask for another one. */
export function AnswerActionsProvider(props: { actions: AnswerActions; children: ReactNode }) {
  return <AnswerActionsContext value={props.actions}>{props.children}</AnswerActionsContext>
}

/** null outside of a conversation: nothing can be asked again there. */
export function useAnswerActions(): AnswerActions | null {
  return useContext(AnswerActionsContext)
}
