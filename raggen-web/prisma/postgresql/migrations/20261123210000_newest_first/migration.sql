-- The whole order of the list of memory: with its first column alone, SQLite sorts all messages for a page.

-- DropIndex
DROP INDEX "Message_createdAt_idx";

-- CreateIndex
CREATE INDEX "Message_createdAt_seq_id_idx" ON "Message"("createdAt", "seq", "id");
