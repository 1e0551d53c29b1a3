"""Counters of the board, written by the database as rows change; and when a callout was reduced to its figures."""

import django.db.models.deletion
from django.db import migrations, models

# one row for each kind of change a statement made; the reader adds them up, and the engine joins them now and then
POST = """
SELECT {sign} * count(*) AS n, p.callout_id, 'post' AS what, p.county, p.level, p.state, p.answered_who AS who, p.carried,
  p.rung > 1 AS climbed,
  CASE WHEN p.state = 1 AND NOT p.carried THEN floor(extract(epoch FROM p.answered_at - c.opened_at) / 60)::int END AS minute
FROM {rows} p JOIN public.callout_callout c ON c.id = p.callout_id GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
CALL = """
SELECT {sign} * count(*) AS n, p.callout_id, 'call' AS what, '' AS county, '' AS level, p.state, p.who, false AS carried,
  false AS climbed, NULL::int AS minute
FROM {rows} p WHERE NOT p.clear GROUP BY 2, 6, 7
UNION ALL
SELECT {sign} * sum(p.repeats), p.callout_id, 'repeat', '', '', 0, NULL, false, false, NULL
FROM {rows} p WHERE NOT p.clear AND p.repeats > 0 GROUP BY 2
"""
KEEP = """
INSERT INTO public.callout_stat (n, callout_id, what, county, level, state, who, carried, climbed, minute)
SELECT sum(n), callout_id, what, county, level, state, who, carried, climbed, minute FROM ({changes}) x
GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10 HAVING sum(n) <> 0
"""


def kept(template: str) -> tuple[str, str]:
    """What an INSERT and what an UPDATE adds."""
    new, old = template.format(sign="1", rows="new_rows"), template.format(sign="-1", rows="old_rows")
    return KEEP.format(changes=new), KEEP.format(changes=f"{new} UNION ALL {old}")


def watch(table: str, template: str) -> str:
    """The triggers of a table: one call a statement, however many rows."""
    insert, update = kept(template)
    name = f"{table}_counted"
    return f"""
CREATE FUNCTION public.{name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN {insert};
  ELSE {update};
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.{name}() FROM PUBLIC;
CREATE TRIGGER {name}_new AFTER INSERT ON public.{table} REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.{name}();
CREATE TRIGGER {name}_changed AFTER UPDATE ON public.{table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.{name}();
"""


def unwatch(table: str) -> str:
    """Without them."""
    name = f"{table}_counted"
    return f"DROP TRIGGER {name}_new ON public.{table}; DROP TRIGGER {name}_changed ON public.{table}; DROP FUNCTION public.{name}();"


COUNT = (
    watch("callout_calledpost", POST)
    + watch("callout_call", CALL)
    # what was there before
    + KEEP.format(changes=POST.format(sign="1", rows="public.callout_calledpost"))
    + ";"
    + KEEP.format(changes=CALL.format(sign="1", rows="public.callout_call"))
)
UNCOUNT = unwatch("callout_calledpost") + unwatch("callout_call")


class Migration(migrations.Migration):

    dependencies = [
        ('callout', '0002_channels'),
    ]

    operations = [
        migrations.AddField(
            model_name='callout',
            name='reduced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='压缩时间'),
        ),
        migrations.CreateModel(
            name='Stat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=6, verbose_name='计的是')),
                ('county', models.CharField(blank=True, max_length=6, verbose_name='县（区）代码')),
                ('level', models.CharField(blank=True, max_length=8, verbose_name='层级')),
                ('state', models.PositiveSmallIntegerField(verbose_name='状态')),
                ('who', models.PositiveSmallIntegerField(null=True, verbose_name='谁')),
                ('carried', models.BooleanField(default=False, verbose_name='沿用')),
                ('climbed', models.BooleanField(default=False, verbose_name='过了第一步')),
                ('minute', models.IntegerField(null=True, verbose_name='第几分钟应答')),
                ('n', models.BigIntegerField(verbose_name='增减')),
                ('callout', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='callout.callout', verbose_name='叫应')),
            ],
            options={
                'verbose_name': '看板计数',
                'verbose_name_plural': '看板计数',
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(COUNT, UNCOUNT),
    ]
