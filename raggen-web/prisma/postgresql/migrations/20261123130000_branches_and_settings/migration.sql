-- DropIndex
DROP INDEX "Provider_baseUrl_key";

-- AlterTable
ALTER TABLE "Chat" ADD COLUMN     "deletedAt" TIMESTAMP(3),
ADD COLUMN     "excludedAt" TIMESTAMP(3),
ADD COLUMN     "leafId" TEXT,
ADD COLUMN     "pinnedAt" TIMESTAMP(3),
ADD COLUMN     "settings" JSONB,
ADD COLUMN     "titledBy" TEXT NOT NULL DEFAULT 'question';

-- AlterTable
ALTER TABLE "Message" ADD COLUMN     "memory" TEXT NOT NULL DEFAULT 'remembered',
ADD COLUMN     "memoryText" TEXT,
ADD COLUMN     "parentId" TEXT,
ADD COLUMN     "pinnedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "ContextItem" ADD COLUMN     "omitted" TEXT;

-- AlterTable
ALTER TABLE "Receipt" ADD COLUMN     "leftOut" JSONB,
ADD COLUMN     "origin" TEXT NOT NULL DEFAULT 'fresh',
ADD COLUMN     "parts" JSONB;

-- AlterTable
ALTER TABLE "Provider" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'openai',
ADD COLUMN     "options" JSONB;

-- CreateTable
CREATE TABLE "Tombstone" (
    "chatId" TEXT NOT NULL,
    "erasedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Tombstone_pkey" PRIMARY KEY ("chatId")
);

-- CreateIndex
CREATE INDEX "Chat_deletedAt_idx" ON "Chat"("deletedAt");

-- CreateIndex
CREATE INDEX "Message_chatId_parentId_idx" ON "Message"("chatId", "parentId");

-- CreateIndex
CREATE INDEX "Message_pinnedAt_idx" ON "Message"("pinnedAt");

-- CreateIndex
CREATE INDEX "Message_memory_idx" ON "Message"("memory");

-- CreateIndex
CREATE INDEX "Message_createdAt_idx" ON "Message"("createdAt");


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
