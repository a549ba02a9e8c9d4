-- Back to what 20261123000000_init left.
ALTER TABLE "Receipt" DROP COLUMN "earlierId";
