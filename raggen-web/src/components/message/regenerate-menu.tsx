'use client'

import { Ban, Layers2, RotateCcw, Search } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useAnswerActions, type AnswerContext } from '@/components/chat/answer-actions-context'
import { Button } from '@/components/ui/button'
import { Hint } from '@/components/ui/hint'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/components/ui/menu'

const WAYS = [
  { context: 'fresh', Icon: Search },
  { context: 'same', Icon: Layers2 },
  { context: 'none', Icon: Ban },
] as const satisfies { context: AnswerContext; Icon: unknown }[]

/** Another answer to the same question; this one is kept beside it. */
export function RegenerateMenu({ answerId }: { answerId: string }) {
  const t = useTranslations('message')
  const actions = useAnswerActions()
  if (!actions) return null
  return (
    <Menu>
      <Hint text={t('regenerate')}>
        <MenuTrigger asChild disabled={actions.busy}>
          <Button
            look="quiet"
            size="icon"
            aria-label={t('regenerate')}
            data-testid="regenerate"
            className="data-[state=open]:bg-hover"
          >
            <RotateCcw aria-hidden />
          </Button>
        </MenuTrigger>
      </Hint>
      <MenuContent align="start" className="w-72 text-ink">
        {WAYS.map(({ context, Icon }) => (
          <MenuItem
            key={context}
            data-testid={`regenerate-${context}`}
            onSelect={() => actions.regenerate(answerId, context)}
            className="items-start"
          >
            <Icon aria-hidden className="mt-0.5 text-muted" />
            <span>
              {t(`again.${context}`)}
              <span className="block text-xs text-muted">{t(`againNote.${context}`)}</span>
            </span>
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  )
}
