'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import type { Prompt } from '@/components/api/wire'
import { useAnswererName } from '@/components/message/use-answerer-name'
import { useProviders } from '@/components/providers/providers-context'

const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

type PromptFactsProps = {
  prompt: Pick<Prompt, 'provider' | 'model' | 'parameters'>
  /** Further rows: `<dt>` and `<dd>`. */
  children?: ReactNode
}

/** Who gets a prompt, and with which parameters. */
export function PromptFacts({ prompt, children }: PromptFactsProps) {
  const t = useTranslations('receipt')
  const nameOf = useAnswererName()
  const { providers } = useProviders()
  const { provider, model, parameters } = prompt
  const own = provider === 'quotations' || provider === 'local'
  const server = providers?.find(({ id }) => id === provider)
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1.5 text-sm [&>dd]:wrap-anywhere [&>dt]:text-muted">
      <dt>{t('provider')}</dt>
      <dd>{(!own && server?.name) || nameOf(provider, model)}</dd>
      {model && provider !== 'quotations' && (
        <>
          <dt>{t('model')}</dt>
          <dd className="font-mono text-[0.8125rem]">{model}</dd>
        </>
      )}
      {Object.entries(parameters).map(([name, value]) => (
        <ParameterRow key={name} name={name} value={written(value)} />
      ))}
      {children}
    </dl>
  )
}

function ParameterRow({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="font-mono text-[0.8125rem]">{name}</dt>
      <dd className="font-mono text-[0.8125rem]">{value}</dd>
    </>
  )
}
