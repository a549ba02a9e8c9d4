/** Where the thumb of an answer is stored. */
export const answerPath = (answerId: string) => `/api/messages/${answerId}/rating`

/** Where the thumb of a piece of its context is stored. */
export const itemPath = (answerId: string, itemId: string) =>
  `/api/messages/${answerId}/context/${encodeURIComponent(itemId)}/rating`
