'use client'

import { Eraser, Eye, EyeOff, PencilLine, Pin, PinOff } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { MemoryItem } from './memory-item'

import { IconButton } from '@/components/ui/icon-button'

type MemoryActionsProps = {
  item: MemoryItem
  onPin: () => void
  onCorrect: () => void
  onExclude: () => void
  onForget: () => void
}

/** What can be done with one remembered message. Of an excluded chat's, only what makes sense there. */
export function MemoryActions(props: MemoryActionsProps) {
  const { item, onPin, onCorrect, onExclude, onForget } = props
  const t = useTranslations('memory')
  const excluded = item.excludedBy === 'message'
  return (
    <div role="group" aria-label={t('actions')} className="-mr-1.5 flex shrink-0">
      {item.excludedBy !== 'chat' && (
        <IconButton
          label={t(item.pinned ? 'unpin' : 'pin')}
          onClick={onPin}
          data-testid="memory-pin"
        >
          {item.pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />}
        </IconButton>
      )}
      <IconButton label={t('correct')} onClick={onCorrect} data-testid="memory-correct">
        <PencilLine aria-hidden />
      </IconButton>
      {item.excludedBy !== 'chat' && (
        <IconButton
          label={t(excluded ? 'include' : 'exclude')}
          onClick={onExclude}
          data-testid="memory-exclude"
        >
          {excluded ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
        </IconButton>
      )}
      <IconButton
        label={t('forget')}
        onClick={onForget}
        data-testid="memory-forget"
        className="hover:text-danger"
      >
        <Eraser aria-hidden />
      </IconButton>
    </div>
  )
}
