-- Back to what 20261123130000_branches_and_settings left: what was rated and which questions are golden goes.
DROP TABLE "GoldenItem";
DROP TABLE "GoldenQuestion";
DROP INDEX "Message_rating_idx";
DROP INDEX "ContextItem_rating_idx";
ALTER TABLE "Message" DROP COLUMN "rating";
ALTER TABLE "Message" DROP COLUMN "ratedAt";
ALTER TABLE "ContextItem" DROP COLUMN "rating";
