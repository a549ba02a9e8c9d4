'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'

import { ContextSettingsFields } from './context-settings'
import { GenerationSettingsFields } from './generation-settings'
import { chatLayer, countOwn } from './layer'
import { SavingLine } from './saving-line'
import { UnreadSettings } from './unread-settings'
import { useChatSettings } from './use-chat-settings'

import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'

type ChatSettingsFormProps = {
  chatId: string
  isNew: boolean
  /** Its last line stays at the dialog's edge; not where the dialog has a last line of its own. */
  lastLineStays?: boolean
}

/** All settings of one chat. What differs from the defaults is marked and goes back singly or at once. */
export function ChatSettingsForm({ chatId, isNew, lastLineStays = true }: ChatSettingsFormProps) {
  const t = useTranslations('settings')
  const { own, defaults, unread, saving, change, retry, readAgain } = useChatSettings(chatId, isNew)
  if (!own || !defaults) return <UnreadSettings failure={unread} onRetry={readAgain} />
  const layer = chatLayer(own, defaults, change)
  const count = countOwn(own)
  return (
    <>
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-3 gap-y-2">
        <p data-testid="chat-settings-count" className="text-sm text-muted">
          {t('own', { count })}
        </p>
        {count > 0 && (
          <Button
            size="small"
            data-testid="reset-all"
            onClick={() => change({ ...own, context: {}, generation: {} })}
          >
            {t('resetAll')}
          </Button>
        )}
      </div>
      <h3 className="mt-4 text-sm font-semibold">{t('sections.context')}</h3>
      <ContextSettingsFields layer={layer} />
      <h3 className="mt-4 text-sm font-semibold">{t('sections.generation')}</h3>
      <GenerationSettingsFields layer={layer} />
      <div
        className={cn(
          'flex flex-wrap items-center justify-between gap-x-3 gap-y-1 border-t py-2.5',
          lastLineStays && 'sticky -bottom-4 -mx-5 -mb-4 bg-canvas px-5 sm:rounded-b-2xl',
        )}
      >
        <SavingLine saving={saving} isNew={isNew} onRetry={retry} />
        <Link
          href="/settings"
          className="rounded-sm text-[0.8125rem] text-accent underline decoration-accent/40 underline-offset-2"
        >
          {t('toDefaults')}
        </Link>
      </div>
    </>
  )
}
