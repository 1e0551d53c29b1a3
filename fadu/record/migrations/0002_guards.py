"""The database's own guard of the record: chaining on insert, refusal of everything else.

The pre-image of an entry's hash, documented in ``docs/adr`` and computed anew by ``fadu/record/verify.py``, is the
UTF-8 text ``fadu-record-1`` and a line feed, followed by chain, seq (decimal), prev_hash, recorded_at (UTC,
``YYYY-MM-DDTHH:MM:SS.ffffffZ``) and body, each written as its length in bytes (decimal), a colon, the text and a line
feed. Because every length is written, no two different entries share a pre-image.
"""

from django.db import migrations

APPEND = """
CREATE FUNCTION public.record_append() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last_seq bigint;
    last_hash text;
    stamp text;
BEGIN
    IF TG_RELID <> 'public.record_entry'::regclass THEN
        RAISE EXCEPTION '此触发器只用于过程记录' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.seq IS NOT NULL OR NEW.prev_hash IS NOT NULL OR NEW.hash IS NOT NULL OR NEW.recorded_at IS NOT NULL THEN
        RAISE EXCEPTION '序号、散列值和入记录时间由数据库填写' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.body IS JSON OBJECT WITH UNIQUE KEYS) IS NOT TRUE THEN
        RAISE EXCEPTION '过程记录的内容应当是键不重复的 JSON 对象' USING ERRCODE = 'check_violation';
    END IF;
    -- the lock on the chain's head makes writers of one chain wait for each other, and only those
    SELECT h.seq, h.hash INTO last_seq, last_hash FROM public.record_head h WHERE h.chain = NEW.chain FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO public.record_head (chain, seq, hash) VALUES (NEW.chain, 0, repeat('0', 64))
            ON CONFLICT (chain) DO NOTHING;
        SELECT h.seq, h.hash INTO STRICT last_seq, last_hash
            FROM public.record_head h WHERE h.chain = NEW.chain FOR UPDATE;
    END IF;
    NEW.seq := last_seq + 1;
    NEW.prev_hash := last_hash;
    NEW.recorded_at := clock_timestamp();
    stamp := to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    NEW.hash := encode(sha256(convert_to(
        E'fadu-record-1\\n'
        || octet_length(NEW.chain) || ':' || NEW.chain || E'\\n'
        || octet_length(NEW.seq::text) || ':' || NEW.seq || E'\\n'
        || octet_length(NEW.prev_hash) || ':' || NEW.prev_hash || E'\\n'
        || octet_length(stamp) || ':' || stamp || E'\\n'
        || octet_length(NEW.body) || ':' || NEW.body || E'\\n', 'UTF8')), 'hex');
    UPDATE public.record_head h SET seq = NEW.seq, hash = NEW.hash WHERE h.chain = NEW.chain;
    RETURN NEW;
END $$;

CREATE FUNCTION public.record_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '过程记录只能追加，不得更改、删除或清空（%）', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION public.record_guard_head() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- at depth 1 somebody writes the head directly; the chaining trigger's own statement stands at depth 2
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '链首只由数据库更新' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.record_stamp_evidence() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.kept_at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE FUNCTION public.record_stamp_access() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;

-- nobody else may hang these on a table of his own
REVOKE ALL ON FUNCTION public.record_append(), public.record_refuse(), public.record_guard_head(),
    public.record_stamp_evidence(), public.record_stamp_access() FROM PUBLIC;

CREATE TRIGGER record_append BEFORE INSERT ON public.record_entry
    FOR EACH ROW EXECUTE FUNCTION public.record_append();
CREATE TRIGGER record_guard BEFORE INSERT OR UPDATE ON public.record_head
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_guard_head();
CREATE TRIGGER record_stamp BEFORE INSERT ON public.record_evidencefile
    FOR EACH ROW EXECUTE FUNCTION public.record_stamp_evidence();
CREATE TRIGGER record_stamp BEFORE INSERT ON public.record_access
    FOR EACH ROW EXECUTE FUNCTION public.record_stamp_access();
"""


def refuse(table: str, events: str) -> str:
    """A trigger that refuses ``events`` on ``table``, even when no row is touched."""
    return (
        f"CREATE TRIGGER record_refuse BEFORE {events} ON public.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION public.record_refuse();\n"
    )


REFUSE = (
    refuse("record_entry", "UPDATE OR DELETE OR TRUNCATE")
    + refuse("record_head", "DELETE OR TRUNCATE")
    + refuse("record_evidencefile", "UPDATE OR DELETE OR TRUNCATE")
    + refuse("record_access", "UPDATE OR DELETE OR TRUNCATE")
)

# ALWAYS: session_replication_role = replica does not switch them off
ALWAYS = "".join(
    f"ALTER TABLE public.{table} ENABLE ALWAYS TRIGGER {trigger};\n"
    for table, trigger in (
        ("record_entry", "record_append"),
        ("record_entry", "record_refuse"),
        ("record_head", "record_guard"),
        ("record_head", "record_refuse"),
        ("record_evidencefile", "record_stamp"),
        ("record_evidencefile", "record_refuse"),
        ("record_access", "record_stamp"),
        ("record_access", "record_refuse"),
    )
)

UNDO = """
DROP TRIGGER record_append ON public.record_entry;
DROP TRIGGER record_refuse ON public.record_entry;
DROP TRIGGER record_guard ON public.record_head;
DROP TRIGGER record_refuse ON public.record_head;
DROP TRIGGER record_stamp ON public.record_evidencefile;
DROP TRIGGER record_refuse ON public.record_evidencefile;
DROP TRIGGER record_stamp ON public.record_access;
DROP TRIGGER record_refuse ON public.record_access;
DROP FUNCTION public.record_append(), public.record_refuse(), public.record_guard_head(),
    public.record_stamp_evidence(), public.record_stamp_access();
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [migrations.RunSQL(APPEND + REFUSE + ALWAYS, UNDO)]
