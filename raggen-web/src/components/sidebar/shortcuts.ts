/** Every key that does something, by where it works; the words are in `messages/…/shortcuts.json`. */
export const SHORTCUTS = [
  {
    place: 'everywhere',
    keys: [
      { name: 'newChat', keys: ['Mod', 'Shift', 'O'] },
      { name: 'search', keys: ['Mod', 'K'] },
      { name: 'shortcuts', keys: ['Mod', '/'] },
      { name: 'stop', keys: ['Escape'] },
      { name: 'notices', keys: ['F8'] },
    ],
  },
  {
    place: 'writing',
    keys: [
      { name: 'send', keys: ['Enter'] },
      { name: 'newLine', keys: ['Shift', 'Enter'] },
      { name: 'editLast', keys: ['↑'] },
      { name: 'saveEdit', keys: ['Mod', 'Enter'] },
      { name: 'cancelEdit', keys: ['Escape'] },
    ],
  },
  {
    place: 'conversation',
    keys: [
      { name: 'previousMessage', keys: ['Alt', '↑'] },
      { name: 'nextMessage', keys: ['Alt', '↓'] },
      { name: 'backToField', keys: ['Escape'] },
    ],
  },
  {
    place: 'message',
    keys: [
      { name: 'versions', keys: ['←', '→'] },
      { name: 'edit', keys: ['E'] },
      { name: 'again', keys: ['R'] },
      { name: 'copy', keys: ['C'] },
    ],
  },
  {
    place: 'list',
    keys: [
      { name: 'move', keys: ['↑', '↓'] },
      { name: 'menu', keys: ['→'] },
      { name: 'rename', keys: ['F2'] },
      { name: 'delete', keys: ['Delete'] },
    ],
  },
] as const
