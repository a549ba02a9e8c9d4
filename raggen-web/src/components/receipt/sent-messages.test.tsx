import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'

import { SentMessages } from './sent-messages'

import { renderIn } from '@/components/testing/in-language'
import { modelPrompt } from '@/components/testing/prompt'

const { messages } = modelPrompt()

describe('the messages that were sent', () => {
  it('stand in order, word for word: nothing in them is markup', () => {
    renderIn('en', <SentMessages messages={messages} />)
    expect(screen.getByRole('heading').textContent).toBe('3 messages')
    const shown = screen.getAllByTestId('receipt-message')
    expect(shown.map(({ dataset }) => dataset.role)).toEqual(['system', 'assistant', 'user'])
    expect(shown.map((one) => one.querySelector('pre')?.textContent)).toEqual(
      messages.map(({ content }) => content),
    )
    expect(shown[0]?.querySelector('b, a')).toBeNull()
  })

  it('are named in Russian, an unknown role by itself', () => {
    renderIn('ru', <SentMessages messages={[messages[0]!, { role: 'tool', content: '{}' }]} />)
    expect(screen.getByRole('heading').textContent).toBe('2 сообщения')
    const [system, tool] = screen.getAllByTestId('receipt-message')
    expect(system?.textContent).toContain('Указания system')
    expect(tool?.textContent).toMatch(/^tool /)
  })

  it('are copied one by one, as they are', async () => {
    const user = userEvent.setup()
    renderIn('en', <SentMessages messages={messages} />)
    const [first] = screen.getAllByTestId('receipt-message')
    await user.click(within(first!).getByRole('button', { name: 'Copy this message' }))
    expect(await navigator.clipboard.readText()).toBe(messages[0]!.content)
    expect(within(first!).getByRole('status').textContent).toBe('Copied')
  })
})
