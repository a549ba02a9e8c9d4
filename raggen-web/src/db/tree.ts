import type { Siblings } from '@/chat/message'

/** What a chat's tree is made of: its messages, the earliest first. */
export type TreeNode = { id: string; parentId: string | null; seq: number }

export type Tree = {
  /** Ids from the first message down to `leafId`; none when there is no such message. */
  path: (leafId: string | null) => string[]
  siblings: (id: string) => Siblings
  /** Of `id` and all that follow it, the end of a branch that was written last. */
  latestLeaf: (id: string) => string
}

/** Reads a chat's messages once; each question to the tree then costs what its answer is long. */
export function plant(nodes: TreeNode[]): Tree {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const children = Map.groupBy(nodes, ({ parentId }) => parentId)

  return {
    path(leafId) {
      const path = new Set<string>() // So that a circle, which only a foreign file could hold, ends.
      let at = leafId === null ? undefined : byId.get(leafId)
      while (at && !path.has(at.id)) {
        path.add(at.id)
        at = at.parentId === null ? undefined : byId.get(at.parentId)
      }
      return [...path].reverse()
    },

    siblings(id) {
      const ids = (children.get(byId.get(id)?.parentId ?? null) ?? []).map((node) => node.id)
      return { ids, index: ids.indexOf(id) }
    },

    latestLeaf(id) {
      let latest: TreeNode | undefined
      const below = new Set([id])
      for (const parent of below) {
        const next = children.get(parent) ?? []
        for (const node of next) below.add(node.id)
        const end = next.length === 0 ? byId.get(parent) : undefined
        if (end && end.seq > (latest?.seq ?? -Infinity)) latest = end
      }
      return latest?.id ?? id
    },
  }
}
