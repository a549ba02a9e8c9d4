import type { ReceiptParts } from '@/db/receipts'

/** Tokens of each part, and beside them how they were counted and what they had to fit into. */
export function partsOnWire(receiptParts: ReceiptParts | null) {
  const { windowTokens, answerTokens, countedBy, ...parts } = receiptParts ?? {}
  return {
    parts: receiptParts && parts,
    countedBy: countedBy ?? null,
    windowTokens: windowTokens ?? null,
    answerTokens: answerTokens ?? null,
  }
}
