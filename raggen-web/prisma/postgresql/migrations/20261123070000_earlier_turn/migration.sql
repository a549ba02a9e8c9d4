-- AlterTable
ALTER TABLE "Receipt" ADD COLUMN     "earlierId" TEXT;


