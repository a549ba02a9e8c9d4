import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'

import { modelLabel } from './model-label'
import { matchingModels, ModelSearch } from './model-search'

import { renderIn } from '@/components/testing/in-language'

const MODELS = Array.from({ length: 300 }, (_, index) => `maker/model-${index}-chat`)

it('finds by words in any order, and chooses with the keyboard', async () => {
  const onChoose = vi.fn()
  renderIn('en', <ModelSearch models={MODELS} value="" label="Model of X" onChoose={onChoose} />)
  expect(screen.getAllByRole('option')).toHaveLength(50)
  expect(screen.getByRole('status').textContent).toContain('250')
  await userEvent.type(screen.getByRole('combobox'), 'chat 29')
  // 29, 129, 229 and 290 to 299
  expect(screen.getAllByRole('option')).toHaveLength(13)
  await userEvent.keyboard('{ArrowDown}{Enter}')
  expect(onChoose).toHaveBeenCalledWith('maker/model-129-chat')
})

it('says when nothing matches', async () => {
  renderIn('ru', <ModelSearch models={MODELS} value="" label="Модель" onChoose={vi.fn()} />)
  await userEvent.type(screen.getByRole('combobox'), 'нет')
  expect(screen.queryAllByRole('option')).toEqual([])
  expect(screen.getByRole('status').textContent).toBe('Модели с таким названием нет.')
})

it('names models for people', () => {
  expect(modelLabel('gpt://b1g/yandexgpt/latest')).toBe('yandexgpt')
  expect(modelLabel('gpt://b1g/yandexgpt/rc')).toBe('yandexgpt/rc')
  expect(modelLabel('meta/llama')).toBe('meta/llama')
  expect(matchingModels(['A b', 'c'], '  ')).toEqual(['A b', 'c'])
})
