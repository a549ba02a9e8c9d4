'use client'

import { useTranslations } from 'next-intl'
import { isValidElement, type ReactNode } from 'react'

import { CopyButton } from './copy-button'

function textOf(node: ReactNode): string {
  if (typeof node === 'string') return node
  if (Array.isArray(node)) return node.map(textOf).join('')
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : ''
}

/** A block of code with its language and a copy button. */
export function MarkdownCode(props: { className?: string; children?: ReactNode }) {
  const t = useTranslations('message')
  const code = textOf(props.children).replace(/\n+$/, '')
  const language = /language-(\S+)/.exec(props.className ?? '')?.[1] ?? ''
  return (
    <div className="my-4 overflow-hidden rounded-xl border bg-surface">
      <div className="flex h-9 items-center justify-between border-b pr-1 pl-4">
        <span className="font-mono text-xs text-muted">{language}</span>
        <CopyButton
          text={code}
          label={t('copyCode')}
          copiedLabel={t('copied')}
          testId="copy-code"
          className="size-7"
        />
      </div>
      {/* Focusable: a wide block scrolls sideways, also for the keyboard. */}
      <pre
        tabIndex={0}
        className="overflow-x-auto px-4 py-3 font-mono text-[0.8125rem] leading-relaxed outline-offset-[-2px]"
      >
        <code>{code}</code>
      </pre>
    </div>
  )
}
