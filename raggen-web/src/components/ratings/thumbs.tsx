'use client'

import { ThumbsDown, ThumbsUp } from 'lucide-react'

import { useRating } from './ratings-context'

import type { Rating } from '@/chat/message'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'

const THUMBS = [
  { thumb: 1, name: 'up', Icon: ThumbsUp },
  { thumb: -1, name: 'down', Icon: ThumbsDown },
] as const

type ThumbsProps = {
  /** Where the thumb is stored. */
  path: string
  stored: Rating | undefined
  /** What both are about, for a screen reader. */
  label: string
  labels: { up: string; down: string }
}

/** Two toggles, of which at most one is pressed. */
export function Thumbs({ path, stored, label, labels }: ThumbsProps) {
  const rated = useRating(path, stored)
  if (!rated) return null
  return (
    <div role="group" aria-label={label} data-testid="thumbs" className="flex shrink-0">
      {THUMBS.map(({ thumb, name, Icon }) => {
        const pressed = rated.rating === thumb
        return (
          <IconButton
            key={name}
            label={labels[name]}
            aria-pressed={pressed}
            data-testid={`thumb-${name}`}
            onClick={() => rated.press(thumb)}
            className={cn(pressed && 'text-accent hover:text-accent')}
          >
            <Icon aria-hidden className={cn(pressed && 'fill-mark')} />
          </IconButton>
        )
      })}
    </div>
  )
}
