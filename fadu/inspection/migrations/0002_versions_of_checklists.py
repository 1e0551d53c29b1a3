"""Checklists in versions, the database's own guard of what is published, and by what a finding was judged major."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Every list that stands was shipped. Loading the content makes each the version of its first year and publishes it.
FILL = """
UPDATE inspection_checklist SET edition = extract(year FROM from_date)::int::text, shipped = true;
UPDATE inspection_finding AS finding SET hazards = item.hazards
    FROM inspection_checklistitem AS item WHERE item.id = finding.item_id AND finding.level = 'major';
"""
# What is published no longer changes: only its end, when a later version takes its place, may be set, once.
FREEZE = """
CREATE FUNCTION inspection_freeze_checklist() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'published' THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'until') IS DISTINCT FROM (to_jsonb(OLD) - 'until')
        OR (OLD.until IS NOT NULL AND NEW.until IS DISTINCT FROM OLD.until)
    THEN
        RAISE EXCEPTION '检查表已经公布，不得修改' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'checklist_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checklist_frozen BEFORE UPDATE OR DELETE ON inspection_checklist
    FOR EACH ROW EXECUTE FUNCTION inspection_freeze_checklist();

CREATE FUNCTION inspection_freeze_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owners bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN
        owners := owners || OLD.checklist_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        owners := owners || NEW.checklist_id;
    END IF;
    IF EXISTS (SELECT 1 FROM inspection_checklist WHERE id = ANY (owners) AND state = 'published') THEN
        RAISE EXCEPTION '检查表已经公布，检查项不得增减、修改' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'checklist_item_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checklist_item_frozen BEFORE INSERT OR UPDATE OR DELETE ON inspection_checklistitem
    FOR EACH ROW EXECUTE FUNCTION inspection_freeze_item();
"""
THAW = """
DROP TRIGGER checklist_item_frozen ON inspection_checklistitem;
DROP FUNCTION inspection_freeze_item();
DROP TRIGGER checklist_frozen ON inspection_checklist;
DROP FUNCTION inspection_freeze_checklist();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('inspection', '0001_initial'),
        ('org', '0004_apart'),
    ]

    operations = [
        migrations.CreateModel(
            name='PendingChecklist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='上传时间')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('content', models.JSONField(default=dict, verbose_name='读出的内容')),
                ('errors', models.JSONField(default=list, verbose_name='错误')),
            ],
            options={
                'verbose_name': '待确认的检查表文件',
                'verbose_name_plural': '待确认的检查表文件',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='checklist',
            name='digest',
            field=models.CharField(blank=True, max_length=64, verbose_name='内容校验值'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='drafted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.officer', verbose_name='拟定人'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='drafted_on',
            field=models.DateField(blank=True, null=True, verbose_name='拟定日期'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='edition',
            field=models.CharField(default='', max_length=20, verbose_name='版本'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='checklist',
            name='organ',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='checklists', to='org.organ', verbose_name='机关'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='published_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.officer', verbose_name='公布人'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='published_on',
            field=models.DateField(blank=True, null=True, verbose_name='公布日期'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.officer', verbose_name='审核人'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='reviewed_on',
            field=models.DateField(blank=True, null=True, verbose_name='审核日期'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='shipped',
            field=models.BooleanField(default=False, editable=False, verbose_name='随软件发布'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='state',
            field=models.CharField(choices=[('draft', '拟定中'), ('reviewed', '已审核'), ('published', '已公布')], default='draft', max_length=10, verbose_name='状态'),
        ),
        migrations.AddField(
            model_name='finding',
            name='hazards',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='重大隐患判定'),
        ),
        migrations.AlterField(
            model_name='checklist',
            name='code',
            field=models.SlugField(max_length=40, verbose_name='代码'),
        ),
        migrations.AlterField(
            model_name='checklist',
            name='confidence',
            field=models.CharField(choices=[('source', '有公开来源'), ('text', '依法律文本'), ('analysis', '分析所得'), ('memory', '待核：凭记忆'), ('model', '样例')], max_length=10, verbose_name='可信程度'),
        ),
        migrations.AlterField(
            model_name='checklistitem',
            name='checklist',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='inspection.checklist', verbose_name='检查表'),
        ),
        migrations.AlterField(
            model_name='checklistitem',
            name='confidence',
            field=models.CharField(choices=[('source', '有公开来源'), ('text', '依法律文本'), ('analysis', '分析所得'), ('memory', '待核：凭记忆'), ('model', '样例')], max_length=10, verbose_name='可信程度'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(fields=('code', 'edition', 'organ'), name='checklist_edition_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('code', 'organ', 'from_date'), name='checklist_one_from_a_day', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('from_date')), _connector='OR'), name='checklist_until_after_from'),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_on__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='checklist_published_with_its_day'),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', None), ('drafted_by', None), models.Q(('reviewed_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='checklist_reviewer_is_another'),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.CheckConstraint(condition=models.Q(('published_by', None), models.Q(models.Q(('reviewed_by', None), models.Q(('published_by', models.F('reviewed_by')), _negated=True), _connector='OR'), models.Q(('drafted_by', None), models.Q(('published_by', models.F('drafted_by')), _negated=True), _connector='OR')), _connector='OR'), name='checklist_publisher_is_another'),
        ),
        migrations.AddField(
            model_name='pendingchecklist',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.officer', verbose_name='上传人'),
        ),
        migrations.AddField(
            model_name='pendingchecklist',
            name='organ',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.organ', verbose_name='机关'),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
