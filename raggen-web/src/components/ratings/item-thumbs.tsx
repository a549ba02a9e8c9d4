'use client'

import { useTranslations } from 'next-intl'

import { itemPath } from './paths'
import { Thumbs } from './thumbs'

import type { ContextItem } from '@/chat/message'

/** Whether a piece of context was relevant for an answer. */
export function ItemThumbs({ answerId, item }: { answerId: string; item: ContextItem }) {
  const t = useTranslations('ratings.item')
  return (
    <Thumbs
      path={itemPath(answerId, item.itemId)}
      stored={item.rating}
      label={t('label')}
      labels={{ up: t('up'), down: t('down') }}
    />
  )
}
