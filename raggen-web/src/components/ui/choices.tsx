'use client'

import { RadioGroup } from 'radix-ui'

export type Choice = { value: string; label: string; testId?: string }

type ChoicesProps = {
  'aria-label': string
  'aria-describedby'?: string
  value: string
  choices: Choice[]
  onChange: (value: string) => void
}

/** A few choices in words, one of them taken; they wrap on a phone. */
export function Choices({ value, choices, onChange, ...labels }: ChoicesProps) {
  return (
    <RadioGroup.Root
      {...labels}
      value={value}
      onValueChange={onChange}
      className="flex flex-wrap gap-1.5"
    >
      {choices.map((choice) => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          data-testid={choice.testId}
          className="min-h-8 rounded-full border border-line-strong bg-raised px-3 text-[0.8125rem] font-medium text-muted transition-colors hover:text-ink aria-checked:border-accent aria-checked:bg-accent-soft aria-checked:text-accent"
        >
          {choice.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
