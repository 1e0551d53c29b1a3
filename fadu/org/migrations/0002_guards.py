"""The database itself refuses appointments that collide (without btree_gist a trigger has to do it)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION org_refuse_colliding_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seat record;
BEGIN
    SELECT organ_id, is_principal INTO seat FROM org_post WHERE id = NEW.post_id;
    -- appointments of one organ wait for each other, so that two at once cannot both find the seat free
    PERFORM pg_advisory_xact_lock(hashtextextended('org_appointment', seat.organ_id));
    IF EXISTS (
        SELECT 1 FROM org_appointment a
        WHERE a.id IS DISTINCT FROM NEW.id AND a.officer_id = NEW.officer_id AND a.post_id = NEW.post_id
          AND daterange(a.starts_on, a.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
    ) THEN
        RAISE EXCEPTION '任职重叠：同一人在同一时间已任同一岗位' USING ERRCODE = 'exclusion_violation',
            CONSTRAINT = 'org_appointment_no_overlap';
    END IF;
    IF (seat.is_principal OR NEW.acting) AND EXISTS (
        SELECT 1 FROM org_appointment a JOIN org_post p ON p.id = a.post_id
        WHERE a.id IS DISTINCT FROM NEW.id AND p.organ_id = seat.organ_id AND (p.is_principal OR a.acting)
          AND daterange(a.starts_on, a.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
    ) THEN
        RAISE EXCEPTION '任职重叠：同一时间一个机关只有一位正职或者主持工作的负责人' USING ERRCODE = 'exclusion_violation',
            CONSTRAINT = 'org_appointment_one_head';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER org_appointment_no_collision BEFORE INSERT OR UPDATE ON org_appointment
    FOR EACH ROW EXECUTE FUNCTION org_refuse_colliding_appointment();
"""
BACKWARD = """
DROP TRIGGER org_appointment_no_collision ON org_appointment;
DROP FUNCTION org_refuse_colliding_appointment();
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
