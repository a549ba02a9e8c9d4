-- Back to what 20261123070000_earlier_turn left. Every message stays; what the older version has no place for goes:
-- which branch is shown, pins, titles' makers, settings of a chat, providers of other kinds than OpenAI-compatible.

-- A deleted chat must not come back, nor anything of it.
CREATE TEMP TABLE "gone" AS SELECT "id" FROM "Chat" WHERE "deletedAt" IS NOT NULL;
CREATE TEMP TABLE "goneMessage" AS SELECT "id" FROM "Message" WHERE "chatId" IN (SELECT "id" FROM "gone");
DELETE FROM "ContextItem" WHERE "answerId" IN (SELECT "id" FROM "goneMessage");
DELETE FROM "Receipt" WHERE "answerId" IN (SELECT "id" FROM "goneMessage");
DELETE FROM "Embedding" WHERE "messageId" IN (SELECT "id" FROM "goneMessage");
DELETE FROM "Message" WHERE "id" IN (SELECT "id" FROM "goneMessage");
DELETE FROM "Chat" WHERE "id" IN (SELECT "id" FROM "gone");
DROP TABLE "goneMessage";
DROP TABLE "gone";
-- What was taken out of the memory must not be recalled again: the older version knows only this way to say so.
UPDATE "Message" SET "indexable" = false
WHERE "memory" <> 'remembered' OR "chatId" IN (SELECT "id" FROM "Chat" WHERE "excludedAt" IS NOT NULL);

DROP INDEX "Chat_deletedAt_idx";
DROP INDEX "Message_chatId_parentId_idx";
DROP INDEX "Message_pinnedAt_idx";
DROP INDEX "Message_memory_idx";
DROP INDEX "Message_createdAt_idx";
DROP TABLE "Tombstone";

ALTER TABLE "Chat" DROP COLUMN "titledBy";
ALTER TABLE "Chat" DROP COLUMN "pinnedAt";
ALTER TABLE "Chat" DROP COLUMN "excludedAt";
ALTER TABLE "Chat" DROP COLUMN "deletedAt";
ALTER TABLE "Chat" DROP COLUMN "leafId";
ALTER TABLE "Chat" DROP COLUMN "settings";
ALTER TABLE "Message" DROP COLUMN "parentId";
ALTER TABLE "Message" DROP COLUMN "memoryText";
ALTER TABLE "Message" DROP COLUMN "memory";
ALTER TABLE "Message" DROP COLUMN "pinnedAt";
ALTER TABLE "ContextItem" DROP COLUMN "omitted";
ALTER TABLE "Receipt" DROP COLUMN "parts";
ALTER TABLE "Receipt" DROP COLUMN "leftOut";
ALTER TABLE "Receipt" DROP COLUMN "origin";

-- One provider an address, of the one kind there was.
DELETE FROM "Provider" WHERE "kind" <> 'openai' OR "id" NOT IN (SELECT min("id") FROM "Provider" WHERE "kind" = 'openai' GROUP BY "baseUrl");
ALTER TABLE "Provider" DROP COLUMN "kind";
ALTER TABLE "Provider" DROP COLUMN "options";
CREATE UNIQUE INDEX "Provider_baseUrl_key" ON "Provider"("baseUrl");
