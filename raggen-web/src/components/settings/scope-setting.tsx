'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { ChatPicker } from './chat-picker'
import type { Layer } from './layer'
import { SettingRow } from './setting-row'

import type { Scope } from '@/chat/settings'
import { Choices } from '@/components/ui/choices'

const KINDS = ['all', 'this-chat', 'chats'] as const satisfies Scope['kind'][]

/** Which chats may be recalled. "Chosen chats" holds once one is chosen. */
export function ScopeSetting({ layer }: { layer: Layer }) {
  const t = useTranslations('settings.context.scope')
  const { scope } = layer.values.context
  // "Chosen chats" with none chosen is not saved: it would recall nothing, which is what "off" says.
  const [noneChosen, setNoneChosen] = useState(false)
  const kind = noneChosen ? 'chats' : scope.kind
  const chatIds = scope.kind === 'chats' && !noneChosen ? scope.chatIds : []

  function choose(next: Scope['kind']) {
    setNoneChosen(next === 'chats' && scope.kind !== 'chats')
    if (next !== 'chats') layer.setContext({ scope: { kind: next } })
  }

  function pick(next: string[]) {
    setNoneChosen(next.length === 0)
    if (next.length > 0) layer.setContext({ scope: { kind: 'chats', chatIds: next } })
  }

  return (
    <SettingRow
      name="scope"
      title={t('title')}
      sentence={t('sentence')}
      changed={layer.isContextSet('scope')}
      reset={() => {
        setNoneChosen(false)
        layer.resetContext('scope')
      }}
    >
      {(labels) => (
        <>
          <Choices
            {...labels}
            value={kind}
            choices={KINDS.map((value) => ({
              value,
              label: t(value),
              testId: `scope-${value}`,
            }))}
            onChange={(value) => choose(value as Scope['kind'])}
          />
          {kind === 'chats' && <ChatPicker chosen={chatIds} onChange={pick} />}
        </>
      )}
    </SettingRow>
  )
}
