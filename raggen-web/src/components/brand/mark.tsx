/** raggen's sign: an answer (the dot) that stands on what was said before (the bars). */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <circle cx="16" cy="10.5" r="4" className="fill-accent-ink" />
      <rect x="9" y="17" width="14" height="3" rx="1.5" className="fill-accent-ink" />
      <rect
        x="6"
        y="22.5"
        width="20"
        height="3"
        rx="1.5"
        className="fill-accent-ink"
        fillOpacity=".62"
      />
    </svg>
  )
}
