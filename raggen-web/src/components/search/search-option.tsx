'use client'

import Link from 'next/link'
import { useEffect, useRef, type ReactNode } from 'react'

import { cn } from '@/components/ui/cn'

type SearchOptionProps = {
  id: string
  href: string
  active: boolean
  onPoint: () => void
  onChoose: () => void
  testId: string
  children: ReactNode
}

/** One result: a link, so that it opens in another tab too; the keyboard stays in the field above. */
export function SearchOption(props: SearchOptionProps) {
  const { id, href, active, onPoint, onChoose, testId, children } = props
  const link = useRef<HTMLAnchorElement>(null)

  useEffect(() => {
    if (active) link.current?.scrollIntoView({ block: 'nearest' })
  }, [active])

  return (
    <Link
      ref={link}
      id={id}
      href={href}
      prefetch={false}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      data-testid={testId}
      // Not on entering: scrolling by keys moves results under a mouse that rests.
      onMouseMove={active ? undefined : onPoint}
      onClick={(event) => {
        if (!event.metaKey && !event.ctrlKey && !event.shiftKey) onChoose()
      }}
      className={cn('block scroll-my-2 rounded-lg px-3 py-2', active && 'bg-hover')}
    >
      {children}
    </Link>
  )
}
