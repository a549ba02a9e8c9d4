'use client'

import { Target } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { GoldenForm } from './golden-form'
import { useGolden } from './use-golden'

import type { ChatMessage } from '@/chat/message'
import { useFailure } from '@/components/api/use-failure'
import { messageMemory } from '@/components/chat/message-text'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'

/** Marks an answer's question as golden: which of what it stood on must be found again. */
export function GoldenDialog({ answer }: { answer: ChatMessage }) {
  const t = useTranslations('golden')
  const explain = useFailure()
  const [open, setOpen] = useState(false)
  const { stored, load, mark, unmark } = useGolden(answer.id)
  // The words of what was forgotten are gone from the list; an imported answer may have stood on
  // chats that are not here.
  const items = (messageMemory(answer)?.items ?? []).filter(
    ({ text, chatId }) => text !== '' && chatId !== null,
  )
  if (items.length === 0) return null
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        if (next) void load()
      }}
    >
      <DialogTrigger asChild>
        <IconButton label={t('open')} data-testid="golden-open">
          <Target aria-hidden />
        </IconButton>
      </DialogTrigger>
      <DialogContent
        title={t('title')}
        description={t('description')}
        closeLabel={t('close')}
        data-testid="golden"
      >
        <div className="min-h-40" aria-busy={stored.state === 'loading'}>
          {stored.state === 'loading' && <p className="text-muted">{t('loading')}</p>}
          {stored.state === 'failed' && (
            <div role="alert">
              <p>{explain(stored.failure)}</p>
              <Button size="small" className="mt-3" onClick={() => void load()}>
                {t('retry')}
              </Button>
            </div>
          )}
          {stored.state === 'ready' && (
            <GoldenForm
              answerId={answer.id}
              items={items}
              golden={stored.golden}
              mark={mark}
              unmark={unmark}
              onDone={() => setOpen(false)}
            />
          )}
        </div>
      </DialogContent>
    </Dialog>
  )
}
