'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'

import { messageText } from './message-text'
import { plainText } from './plain-text'

import type { ChatMessage } from '@/chat/message'

const PAUSE_MS = 1500

/** Everything up to the last finished sentence or line: a half word read aloud helps nobody. */
function finishedPart(text: string): string {
  const end = Math.max(...['. ', '! ', '? ', '… ', '\n'].map((mark) => text.lastIndexOf(mark)))
  return end < 0 ? '' : text.slice(0, end + 1)
}

/**
 * Reads a streaming answer to a screen reader in whole sentences, politely and not too often;
 * the answer itself is no live region, else every token would be announced.
 */
export function Announcer({ messages, busy }: { messages: ChatMessage[]; busy: boolean }) {
  const t = useTranslations('message')
  const last = messages.at(-1)
  const answer = last?.role === 'assistant' ? last : null
  const [spoken, setSpoken] = useState<{ id: string; text: string } | null>(null)
  const [wasBusy, setWasBusy] = useState(busy)
  const [done, setDone] = useState(false)
  const text = answer ? messageText(answer) : ''
  const speakable = busy ? finishedPart(text) : text

  if (wasBusy !== busy) {
    setWasBusy(busy)
    setDone(!busy)
  }

  useEffect(() => {
    // Only an answer that was written in front of the person is read out, not a loaded history.
    if (!answer || !(busy || done) || spoken?.text === speakable) return
    const timer = setTimeout(
      () => setSpoken({ id: answer.id, text: speakable }),
      busy ? PAUSE_MS : 0,
    )
    return () => clearTimeout(timer)
  }, [answer, busy, done, speakable, spoken?.text])

  const said = spoken?.id === answer?.id ? (spoken?.text ?? '') : ''
  return (
    <div aria-live="polite" role="log" className="sr-only" data-testid="announcer">
      {(busy || done) && (
        <>
          <p>{t('answerStarted')}</p>
          {plainText(said)
            .split('\n')
            .map((line, index) => (
              <p key={index}>{line}</p>
            ))}
          {done && <p>{t('answerDone')}</p>}
        </>
      )}
    </div>
  )
}
