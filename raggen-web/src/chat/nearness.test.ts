import { describe, expect, it } from 'vitest'

import { holds, shingled } from './nearness'

const says = (holder: string, piece: string) => holds(shingled(holder), shingled(piece))
const LIST =
  'Tomorrow I will go to the shop and buy bread, milk, eggs and a cake for the party at home.'

describe('one text holds another', () => {
  it.each([
    ['the same', 'Арчи боится грозы.', 'Арчи боится грозы.'],
    ['other case and punctuation', 'Арчи боится грозы', '«АРЧИ» — боится грозы!'],
    ['ё and е, composed and not', 'Ёлка у Елены, и\u0306', 'Елка у Елены, й'],
    ['a part of it', `${LIST} And then we sing.`, LIST],
    ['the same pictograms', '🐕 🌩️', '🐕  🌩️'],
  ])('%s', (_what, holder, piece) => {
    expect(says(holder, piece)).toBe(true)
  })

  it.each([
    [
      'another name',
      'My dog is called Archie and sleeps here.',
      'My dog is called Bella and sleeps here.',
    ],
    ['another number', `${LIST} 12 guests.`, `${LIST} 13 guests.`],
    [
      'a name at its end',
      'I have a dog and he is called Archie',
      'I have a dog and he is called Bella',
    ],
    ['a denial', LIST.replace('will', 'will not'), LIST],
    [
      'a denial in Russian',
      'Я не пойду завтра на работу в офис',
      'Я пойду завтра на работу в офис',
    ],
    ['a question', 'Арчи боится грозы?', 'Арчи боится грозы.'],
    ['more than it says', LIST, `${LIST} And then we sing.`],
    ['the same words in another order', 'dogs bite men and cats', 'cats and men bite dogs'],
    ['other pictograms', '🐕', '🐈'],
    ['nothing in common', 'Арчи боится грозы.', 'Сколько стоит хлеб'],
  ])('but not %s', (_what, holder, piece) => {
    expect(says(holder, piece)).toBe(false)
  })
})
