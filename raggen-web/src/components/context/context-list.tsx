'use client'

import { useId } from 'react'

import { ContextItem } from './context-item'

import type { ContextItem as Item } from '@/chat/message'
import { cn } from '@/components/ui/cn'

/** What became of an item: in the prompt, quoted, found but left out, or not close enough. */
export type Fate = 'given' | 'quoted' | 'leftOut' | 'missed'

type ContextListProps = {
  heading: string
  items: Item[]
  chatId: string
  fate: Fate
  /** Whose context it is; null: nobody's. */
  answerId: string | null
}

/** Items that had the same fate, under a heading that says which. */
export function ContextList({ heading, items, chatId, fate, answerId }: ContextListProps) {
  const headingId = useId()
  return (
    <section aria-labelledby={headingId} className="not-first-of-type:border-t">
      <p
        id={headingId}
        className={cn(
          'px-4 pt-3 text-xs font-semibold',
          fate === 'leftOut' ? 'text-caution' : 'text-muted',
        )}
      >
        {heading}
      </p>
      <ol className="divide-y">
        {items.map((item) => (
          <ContextItem
            key={item.itemId}
            item={item}
            chatId={chatId}
            fate={fate}
            answerId={answerId}
          />
        ))}
      </ol>
    </section>
  )
}
