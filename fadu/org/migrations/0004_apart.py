"""The database itself keeps the three administrators apart; the counts of the limits are not written ahead."""

from django.db import migrations

ADMINISTRATORS = "ARRAY['admin', 'security', 'auditor']::varchar[]"
FORWARD = f"""
CREATE FUNCTION org_mixed(a varchar[], a_head boolean, b varchar[], b_head boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    -- two posts may not meet in one person when one is an administrator's and the other carries any other role
    SELECT (a && {ADMINISTRATORS} OR b && {ADMINISTRATORS})
       AND (cardinality(a) > 0 OR a_head) AND (cardinality(b) > 0 OR b_head)
       AND NOT (a = b AND NOT a_head AND NOT b_head)
$$;

CREATE FUNCTION org_refuse_mixed_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mine record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('org_administrators', NEW.officer_id));
    SELECT roles, is_principal INTO mine FROM org_post WHERE id = NEW.post_id;
    IF EXISTS (
        SELECT 1 FROM org_appointment a JOIN org_post p ON p.id = a.post_id
        WHERE a.id IS DISTINCT FROM NEW.id AND a.officer_id = NEW.officer_id
          AND daterange(a.starts_on, a.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
          AND org_mixed(mine.roles, mine.is_principal OR NEW.acting, p.roles, p.is_principal OR a.acting)
    ) THEN
        RAISE EXCEPTION '三员分立：管理员不能兼任另一员，也不能兼办业务' USING ERRCODE = 'exclusion_violation',
            CONSTRAINT = 'org_administrators_apart';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER org_appointment_administrators_apart BEFORE INSERT OR UPDATE ON org_appointment
    FOR EACH ROW EXECUTE FUNCTION org_refuse_mixed_appointment();

CREATE FUNCTION org_refuse_mixed_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM org_appointment m
        JOIN org_appointment a ON a.officer_id = m.officer_id AND a.id <> m.id
        JOIN org_post p ON p.id = a.post_id AND p.id <> NEW.id
        WHERE m.post_id = NEW.id
          AND daterange(a.starts_on, a.ends_on, '[]') && daterange(m.starts_on, m.ends_on, '[]')
          AND org_mixed(NEW.roles, NEW.is_principal OR m.acting, p.roles, p.is_principal OR a.acting)
    ) THEN
        RAISE EXCEPTION '三员分立：任此岗的人还任管理员或者办理业务' USING ERRCODE = 'exclusion_violation',
            CONSTRAINT = 'org_administrators_apart';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER org_post_administrators_apart BEFORE UPDATE OF roles, is_principal ON org_post
    FOR EACH ROW EXECUTE FUNCTION org_refuse_mixed_post();

ALTER TABLE org_ratecount SET UNLOGGED;
"""
BACKWARD = """
ALTER TABLE org_ratecount SET LOGGED;
DROP TRIGGER org_post_administrators_apart ON org_post;
DROP FUNCTION org_refuse_mixed_post();
DROP TRIGGER org_appointment_administrators_apart ON org_appointment;
DROP FUNCTION org_refuse_mixed_appointment();
DROP FUNCTION org_mixed(varchar[], boolean, varchar[], boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0003_accounts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
