"""The database itself freezes issued papers, drawn serials, service and scans."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION document_freeze_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    open_fields text[] := ARRAY['status', 'voided_on', 'voided_by', 'void_reason'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION '文书已经制作，不得删除' USING ERRCODE = 'restrict_violation',
                CONSTRAINT = 'document_paper_frozen';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.status = 'draft' THEN
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - open_fields) IS DISTINCT FROM (to_jsonb(OLD) - open_fields)
        OR (OLD.status = 'void' AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD))
        OR (OLD.status = 'issued' AND NEW.status NOT IN ('issued', 'void'))
    THEN
        RAISE EXCEPTION '文书已经制作，不得修改' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'document_paper_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_paper_frozen BEFORE UPDATE OR DELETE ON document_paper
    FOR EACH ROW EXECUTE FUNCTION document_freeze_paper();

CREATE FUNCTION document_freeze_serial() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.serial IS NOT NULL AND (TG_OP = 'DELETE' OR (NEW.organ_id, NEW.year, NEW.series, NEW.serial)
            IS DISTINCT FROM (OLD.organ_id, OLD.year, OLD.series, OLD.serial)) THEN
        RAISE EXCEPTION '文号已经取得，不得修改' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'document_serial_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_serial_frozen BEFORE UPDATE OR DELETE ON document_casefile
    FOR EACH ROW EXECUTE FUNCTION document_freeze_serial();

CREATE FUNCTION document_count_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.organ_id, NEW.year, NEW.series) IS DISTINCT FROM (OLD.organ_id, OLD.year, OLD.series)
            OR NEW.last <> OLD.last + 1 THEN
        RAISE EXCEPTION '文号序列只能逐号递增' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'document_counter_by_one';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_counter_by_one BEFORE UPDATE OR DELETE ON document_counter
    FOR EACH ROW EXECUTE FUNCTION document_count_by_one();

CREATE FUNCTION document_freeze_service() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    open_fields text[] := ARRAY['withdrawn_on', 'withdrawn_by', 'withdrawn_reason'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_on IS NOT NULL
        OR (to_jsonb(NEW) - open_fields) IS DISTINCT FROM (to_jsonb(OLD) - open_fields) THEN
        RAISE EXCEPTION '送达登记不得修改' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'document_service_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_service_frozen BEFORE UPDATE OR DELETE ON document_service
    FOR EACH ROW EXECUTE FUNCTION document_freeze_service();

CREATE FUNCTION document_freeze_scan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '扫描件不得修改' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'document_scan_frozen';
END $$;
CREATE TRIGGER document_scan_frozen BEFORE UPDATE OR DELETE ON document_scan
    FOR EACH ROW EXECUTE FUNCTION document_freeze_scan();
"""
BACKWARD = """
DROP TRIGGER document_paper_frozen ON document_paper;
DROP FUNCTION document_freeze_paper();
DROP TRIGGER document_serial_frozen ON document_casefile;
DROP FUNCTION document_freeze_serial();
DROP TRIGGER document_counter_by_one ON document_counter;
DROP FUNCTION document_count_by_one();
DROP TRIGGER document_service_frozen ON document_service;
DROP FUNCTION document_freeze_service();
DROP TRIGGER document_scan_frozen ON document_scan;
DROP FUNCTION document_freeze_scan();
"""


class Migration(migrations.Migration):
    dependencies = [("document", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
