"""Seals of the days, append-only like the record they seal (docs/adr/0038)."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARD = """
CREATE FUNCTION public.record_stamp_seal() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.sealed_at := clock_timestamp();
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION public.record_stamp_seal() FROM PUBLIC;

CREATE TRIGGER record_stamp BEFORE INSERT ON public.record_seal
    FOR EACH ROW EXECUTE FUNCTION public.record_stamp_seal();
CREATE TRIGGER record_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON public.record_seal
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_refuse();
CREATE TRIGGER record_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON public.record_sealedrange
    FOR EACH STATEMENT EXECUTE FUNCTION public.record_refuse();
ALTER TABLE public.record_seal ENABLE ALWAYS TRIGGER record_stamp;
ALTER TABLE public.record_seal ENABLE ALWAYS TRIGGER record_refuse;
ALTER TABLE public.record_sealedrange ENABLE ALWAYS TRIGGER record_refuse;
"""
UNDO = """
DROP TRIGGER record_stamp ON public.record_seal;
DROP TRIGGER record_refuse ON public.record_seal;
DROP TRIGGER record_refuse ON public.record_sealedrange;
DROP FUNCTION public.record_stamp_seal();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0002_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='日期')),
                ('entries', models.BigIntegerField(verbose_name='记录数')),
                ('root', models.CharField(max_length=64, verbose_name='默克尔树根')),
                ('previous', models.CharField(max_length=64, verbose_name='前一日封存值')),
                ('hash', models.CharField(max_length=64, verbose_name='封存值')),
                ('sealed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='封存时间')),
            ],
            options={
                'verbose_name': '每日封存',
                'verbose_name_plural': '每日封存',
                'ordering': ('day',),
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('entries__gte', 0)), name='seal_entries_not_negative'), models.CheckConstraint(condition=models.Q(('hash__regex', '^[0-9a-f]{64}$'), ('previous__regex', '^[0-9a-f]{64}$'), ('root__regex', '^[0-9a-f]{64}$')), name='seal_hashes_well_formed')],
            },
        ),
        migrations.CreateModel(
            name='SealedRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=120, verbose_name='链')),
                ('first_seq', models.BigIntegerField(verbose_name='自第几号')),
                ('last_seq', models.BigIntegerField(verbose_name='至第几号')),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ranges', to='record.seal', verbose_name='封存')),
            ],
            options={
                'verbose_name': '封存范围',
                'verbose_name_plural': '封存范围',
                'ordering': ('seal', 'chain'),
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('chain', 'first_seq'), name='sealed_once'), models.UniqueConstraint(fields=('chain', 'last_seq'), name='sealed_to_once'), models.CheckConstraint(condition=models.Q(('first_seq__gte', 1), ('last_seq__gte', models.F('first_seq'))), name='sealed_range_in_order')],
            },
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
