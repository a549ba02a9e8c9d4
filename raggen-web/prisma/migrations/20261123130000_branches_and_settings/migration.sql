-- Columns are added and no table is made anew: dropping one would delete what refers to it.

-- AlterTable
ALTER TABLE "Chat" ADD COLUMN "titledBy" TEXT NOT NULL DEFAULT 'question';
ALTER TABLE "Chat" ADD COLUMN "pinnedAt" DATETIME;
ALTER TABLE "Chat" ADD COLUMN "excludedAt" DATETIME;
ALTER TABLE "Chat" ADD COLUMN "deletedAt" DATETIME;
ALTER TABLE "Chat" ADD COLUMN "leafId" TEXT;
ALTER TABLE "Chat" ADD COLUMN "settings" JSONB;

-- AlterTable
ALTER TABLE "Message" ADD COLUMN "parentId" TEXT;
ALTER TABLE "Message" ADD COLUMN "memoryText" TEXT;
ALTER TABLE "Message" ADD COLUMN "memory" TEXT NOT NULL DEFAULT 'remembered';
ALTER TABLE "Message" ADD COLUMN "pinnedAt" DATETIME;

-- AlterTable
ALTER TABLE "ContextItem" ADD COLUMN "omitted" TEXT;

-- AlterTable
ALTER TABLE "Receipt" ADD COLUMN "parts" JSONB;
ALTER TABLE "Receipt" ADD COLUMN "leftOut" JSONB;
ALTER TABLE "Receipt" ADD COLUMN "origin" TEXT NOT NULL DEFAULT 'fresh';

-- AlterTable
ALTER TABLE "Provider" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'openai';
ALTER TABLE "Provider" ADD COLUMN "options" JSONB;

-- CreateTable
CREATE TABLE "Tombstone" (
    "chatId" TEXT NOT NULL PRIMARY KEY,
    "erasedAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "Chat_deletedAt_idx" ON "Chat"("deletedAt");
CREATE INDEX "Message_chatId_parentId_idx" ON "Message"("chatId", "parentId");
CREATE INDEX "Message_pinnedAt_idx" ON "Message"("pinnedAt");
CREATE INDEX "Message_memory_idx" ON "Message"("memory");
CREATE INDEX "Message_createdAt_idx" ON "Message"("createdAt");

-- DropIndex
DROP INDEX "Provider_baseUrl_key";

-- What was said until now is one branch: each message follows the one before it.
UPDATE "Message" SET "parentId" = (
    SELECT "before"."id" FROM "Message" AS "before"
    WHERE "before"."chatId" = "Message"."chatId" AND "before"."seq" < "Message"."seq"
    ORDER BY "before"."seq" DESC LIMIT 1
);
UPDATE "Chat" SET "leafId" = (
    SELECT "last"."id" FROM "Message" AS "last"
    WHERE "last"."chatId" = "Chat"."id" ORDER BY "last"."seq" DESC LIMIT 1
);
-- A title that differs from what was asked first may be a person's: it stays.
UPDATE "Chat" SET "titledBy" = 'person';
