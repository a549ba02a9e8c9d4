-- CreateTable
CREATE TABLE "Chat" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Chat_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Message" (
    "id" TEXT NOT NULL,
    "chatId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "session" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "errorCode" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "provider" TEXT,
    "model" TEXT,
    "indexable" BOOLEAN NOT NULL,
    "replyToId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Embedding" (
    "messageId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "model" TEXT,
    "indexedAt" TIMESTAMP(3),
    "error" TEXT,

    CONSTRAINT "Embedding_pkey" PRIMARY KEY ("messageId")
);

-- CreateTable
CREATE TABLE "ContextItem" (
    "answerId" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "itemId" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "sourceChatId" TEXT,
    "sourceMessageId" TEXT NOT NULL,
    "speaker" TEXT NOT NULL,
    "timestamp" TIMESTAMP(3) NOT NULL,
    "relevance" DOUBLE PRECISION NOT NULL,
    "relevanceWord" TEXT NOT NULL,
    "cosine" DOUBLE PRECISION NOT NULL,
    "lexical" DOUBLE PRECISION NOT NULL,
    "reasons" JSONB NOT NULL,
    "highlights" JSONB NOT NULL,
    "included" BOOLEAN NOT NULL,
    "promptText" TEXT,

    CONSTRAINT "ContextItem_pkey" PRIMARY KEY ("answerId","rank")
);

-- CreateTable
CREATE TABLE "Receipt" (
    "answerId" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT,
    "parameters" JSONB NOT NULL,
    "messages" JSONB NOT NULL,
    "promptTokens" INTEGER NOT NULL,
    "memoryState" TEXT NOT NULL,
    "retrievalMs" INTEGER NOT NULL,
    "firstTokenMs" INTEGER,
    "totalMs" INTEGER,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Receipt_pkey" PRIMARY KEY ("answerId")
);

-- CreateTable
CREATE TABLE "Outbox" (
    "id" SERIAL NOT NULL,
    "itemId" TEXT NOT NULL,
    "op" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMP(3) NOT NULL,
    "lastError" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Provider" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "baseUrl" TEXT NOT NULL,
    "encryptedKey" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Provider_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,

    CONSTRAINT "Setting_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "Chat_updatedAt_idx" ON "Chat"("updatedAt");

-- CreateIndex
CREATE INDEX "Message_status_idx" ON "Message"("status");

-- CreateIndex
CREATE INDEX "Message_replyToId_idx" ON "Message"("replyToId");

-- CreateIndex
CREATE UNIQUE INDEX "Message_chatId_seq_key" ON "Message"("chatId", "seq");

-- CreateIndex
CREATE INDEX "Embedding_state_idx" ON "Embedding"("state");

-- CreateIndex
CREATE INDEX "ContextItem_sourceChatId_idx" ON "ContextItem"("sourceChatId");

-- CreateIndex
CREATE INDEX "Outbox_nextAttemptAt_idx" ON "Outbox"("nextAttemptAt");

-- CreateIndex
CREATE INDEX "Outbox_itemId_idx" ON "Outbox"("itemId");

-- CreateIndex
CREATE UNIQUE INDEX "Provider_baseUrl_key" ON "Provider"("baseUrl");

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_chatId_fkey" FOREIGN KEY ("chatId") REFERENCES "Chat"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_replyToId_fkey" FOREIGN KEY ("replyToId") REFERENCES "Message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Embedding" ADD CONSTRAINT "Embedding_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "Message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ContextItem" ADD CONSTRAINT "ContextItem_answerId_fkey" FOREIGN KEY ("answerId") REFERENCES "Message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Receipt" ADD CONSTRAINT "Receipt_answerId_fkey" FOREIGN KEY ("answerId") REFERENCES "Message"("id") ON DELETE CASCADE ON UPDATE CASCADE;


