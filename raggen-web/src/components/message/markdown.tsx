'use client'

import { useTranslations } from 'next-intl'
import { memo, useMemo, type CSSProperties, type ReactNode } from 'react'
import { defaultRehypePlugins, Streamdown, type Components } from 'streamdown'

import { BLOCKED_IMAGE, BLOCKED_LINK, BlockedImage, BlockedLink, namedBlocks } from './blocked'
import { MarkdownCode } from './markdown-code'
import { MarkdownImage } from './markdown-image'
import { MarkdownLink } from './markdown-link'
import { MarkdownTable } from './markdown-table'
import { MarkdownTask } from './markdown-task'

import { cn } from '@/components/ui/cn'
import { unkerned } from '@/components/ui/unkerned'

type Tag = 'p' | 'ul' | 'li' | 'blockquote' | 'strong' | 'sub' | 'sup' | 'thead' | 'tbody' | 'tr'

/** Renders the element bare: its look is in globals.css under `.markdown`. */
function plain(Tag: Tag) {
  return function PlainElement({ children }: { node?: unknown; children?: unknown }) {
    return <Tag>{children as ReactNode}</Tag>
  }
}

type CellProps = { node?: unknown; style?: CSSProperties; children?: ReactNode }

/** A table's cell, which keeps of its style only where `---:` aligned it. */
function cell(Tag: 'th' | 'td') {
  return function Cell({ style, children }: CellProps) {
    return <Tag data-align={style?.textAlign}>{children}</Tag>
  }
}

/**
 * Every heading of an answer is an h3 under the h2 that names the speaker: models jump levels at
 * will, and a screen reader's outline must not. The level that was meant sets the size.
 */
function heading(level: number) {
  return function Heading({ children }: { node?: unknown; children?: unknown }) {
    return <h3 data-level={level}>{children as ReactNode}</h3>
  }
}

const COMPONENTS = {
  h1: heading(1),
  h2: heading(2),
  h3: heading(3),
  h4: heading(4),
  h5: heading(5),
  h6: heading(6),
  p: plain('p'),
  ul: plain('ul'),
  ol: ({ children, start }: { children?: ReactNode; start?: number }) => (
    <ol start={start}>{children}</ol>
  ),
  li: plain('li'),
  blockquote: plain('blockquote'),
  hr: () => <hr />,
  strong: plain('strong'),
  sub: plain('sub'),
  sup: plain('sup'),
  thead: plain('thead'),
  tbody: plain('tbody'),
  tr: plain('tr'),
  th: cell('th'),
  td: cell('td'),
  table: MarkdownTable,
  input: MarkdownTask,
  a: MarkdownLink,
  img: MarkdownImage,
  code: MarkdownCode,
  [BLOCKED_LINK]: BlockedLink,
  [BLOCKED_IMAGE]: BlockedImage,
  inlineCode: ({ children }: { children?: ReactNode }) => <code>{children}</code>,
} as Components // Its index signature asks every element to take any props; these take what they show.

type Options = Record<string, unknown>

function withOptions(plugin: unknown, more: Options): [never, Options] {
  if (!Array.isArray(plugin)) throw new Error('streamdown no longer hardens by default')
  const [run, options] = plugin as [never, Options]
  return [run, { ...options, ...more }]
}

/**
 * Streamdown's own chain (raw HTML parsed, sanitised, addresses hardened) with two changes: ids from
 * the text get a prefix, so that an answer cannot pose as the target of a link in the page; what was
 * blocked is said in the person's language.
 */
function hardened() {
  const { raw, sanitize, harden } = defaultRehypePlugins
  const blocked = { blockedLinkClass: BLOCKED_LINK, blockedImageClass: BLOCKED_IMAGE }
  return [
    raw,
    withOptions(sanitize, { clobberPrefix: 'answer-' }),
    withOptions(harden, blocked),
    namedBlocks,
  ] as never[]
}

const REHYPE_PLUGINS = hardened()

type MarkdownProps = {
  text: string
  streaming: boolean
  /** The answer is made of quotations: what follows a quote is its source. */
  quotations: boolean
}

/** Markdown from a model or from memory: data, shown as text; loads nothing, runs nothing. */
export const Markdown = memo(function Markdown(props: MarkdownProps) {
  const t = useTranslations('message')
  const footnotes = useMemo(
    () => ({ footnoteLabel: t('footnotes'), footnoteBackLabel: t('backToText') }),
    [t],
  )
  return (
    <Streamdown
      className={cn('markdown', props.quotations && 'quotations', unkerned(props.text))}
      mode={props.streaming ? 'streaming' : 'static'}
      isAnimating={props.streaming}
      components={COMPONENTS}
      rehypePlugins={REHYPE_PLUGINS}
      remarkRehypeOptions={footnotes}
      linkSafety={{ enabled: false }}
      controls={false}
    >
      {props.text}
    </Streamdown>
  )
})
