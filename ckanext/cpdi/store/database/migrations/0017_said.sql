-- The parts of a sentence for staff (its English text with places, and what stands in them), so that a page or a mail can
-- say it in another language. Empty where the words have no parts, and in rows of before.
ALTER TABLE cpdi.run ADD COLUMN said jsonb;
ALTER TABLE cpdi.report_file ADD COLUMN said jsonb;
