import type { ReactNode } from 'react'

type SettingsSectionProps = { id: string; title: string; note?: string; children: ReactNode }

/** A card of settings that belong together; `#id` is its address. */
export function SettingsSection({ id, title, note, children }: SettingsSectionProps) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-heading`}
      className="scroll-mt-4 rounded-2xl border bg-raised px-4 sm:px-5"
    >
      <div className="pt-4 pb-1">
        <h2 id={`${id}-heading`} className="text-base font-semibold tracking-tight">
          {title}
        </h2>
        {note && <p className="mt-0.5 text-[0.8125rem] text-muted">{note}</p>}
      </div>
      {children}
    </section>
  )
}
