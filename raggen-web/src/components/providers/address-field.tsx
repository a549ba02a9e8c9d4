'use client'

import { useTranslations } from 'next-intl'
import type { ComponentProps } from 'react'

import { Field } from '@/components/ui/field'

type AddressFieldProps = Omit<ComponentProps<typeof Field>, 'label' | 'onChange'> & {
  /** "Address" unless told. */
  label?: string
  onChange: (address: string) => void
}

/** Where a server is. */
export function AddressField({ label, onChange, ...props }: AddressFieldProps) {
  const t = useTranslations('providers')
  return (
    <Field
      label={label ?? t('url')}
      type="url"
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
      {...props}
    />
  )
}
