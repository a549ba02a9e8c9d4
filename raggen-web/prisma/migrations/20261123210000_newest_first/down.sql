-- Back to what 20261123180000_quality left.
DROP INDEX "Message_createdAt_seq_id_idx";
CREATE INDEX "Message_createdAt_idx" ON "Message"("createdAt");
