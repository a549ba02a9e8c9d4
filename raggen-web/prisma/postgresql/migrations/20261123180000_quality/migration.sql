-- AlterTable
ALTER TABLE "Message" ADD COLUMN "rating" INTEGER;
ALTER TABLE "Message" ADD COLUMN "ratedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "ContextItem" ADD COLUMN "rating" INTEGER;

-- CreateTable
CREATE TABLE "GoldenQuestion" (
    "questionId" TEXT NOT NULL,
    "markedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "GoldenQuestion_pkey" PRIMARY KEY ("questionId")
);

-- CreateTable
CREATE TABLE "GoldenItem" (
    "questionId" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "relevance" DOUBLE PRECISION,

    CONSTRAINT "GoldenItem_pkey" PRIMARY KEY ("questionId","messageId")
);

-- CreateIndex
CREATE INDEX "Message_rating_idx" ON "Message"("rating");
CREATE INDEX "ContextItem_rating_idx" ON "ContextItem"("rating");
CREATE INDEX "GoldenItem_messageId_idx" ON "GoldenItem"("messageId");

-- AddForeignKey
ALTER TABLE "GoldenQuestion" ADD CONSTRAINT "GoldenQuestion_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "Message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GoldenItem" ADD CONSTRAINT "GoldenItem_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "GoldenQuestion"("questionId") ON DELETE CASCADE ON UPDATE CASCADE;
