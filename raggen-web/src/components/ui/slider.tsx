import type { ComponentProps } from 'react'

import { cn } from './cn'

type SliderProps = Omit<ComponentProps<'input'>, 'type' | 'onChange' | 'value'> & {
  value: number
  /** What a screen reader says instead of the bare number. */
  valueText: string
  onChange: (value: number) => void
}

/** The browser's own slider: fingers, arrow keys, Home and End work as everywhere. */
export function Slider({ value, valueText, onChange, className, ...props }: SliderProps) {
  return (
    <input
      type="range"
      value={value}
      aria-valuetext={valueText}
      onChange={(event) => onChange(Number(event.target.value))}
      className={cn(
        'h-6 w-full min-w-0 cursor-pointer accent-(--accent) disabled:cursor-not-allowed disabled:opacity-50',
        className,
      )}
      {...props}
    />
  )
}
