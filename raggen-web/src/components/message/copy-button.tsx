'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'

import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'

const SHOWN_MS = 1600

type CopyButtonProps = {
  text: string
  label: string
  copiedLabel: string
  className?: string
  testId?: string
}

/** The clipboard needs https or loopback; elsewhere a hidden field and the old command do it. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}

/** Copies `text`; for a moment the icon becomes a tick and the label says so. */
export function CopyButton(props: CopyButtonProps) {
  const { text, label, copiedLabel, className, testId = 'copy' } = props
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <>
      <IconButton
        label={label}
        data-testid={testId}
        onClick={() => void copy(text).then(() => setCopied(true))}
        className={cn(className)}
      >
        {copied ? <Check aria-hidden className="text-accent" /> : <Copy aria-hidden />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? copiedLabel : ''}
      </span>
    </>
  )
}
