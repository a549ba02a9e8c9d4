-- Columns are added and no table is made anew: dropping one would delete what refers to it.

-- AlterTable
ALTER TABLE "Message" ADD COLUMN "rating" INTEGER;
ALTER TABLE "Message" ADD COLUMN "ratedAt" DATETIME;

-- AlterTable
ALTER TABLE "ContextItem" ADD COLUMN "rating" INTEGER;

-- CreateTable
CREATE TABLE "GoldenQuestion" (
    "questionId" TEXT NOT NULL PRIMARY KEY,
    "markedAt" DATETIME NOT NULL,
    CONSTRAINT "GoldenQuestion_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "Message" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "GoldenItem" (
    "questionId" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "relevance" REAL,

    PRIMARY KEY ("questionId", "messageId"),
    CONSTRAINT "GoldenItem_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "GoldenQuestion" ("questionId") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Message_rating_idx" ON "Message"("rating");
CREATE INDEX "ContextItem_rating_idx" ON "ContextItem"("rating");
CREATE INDEX "GoldenItem_messageId_idx" ON "GoldenItem"("messageId");
