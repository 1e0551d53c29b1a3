"""The list of powers, and the database's own guard of what is published."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# What is published no longer changes: only its end, when a later list takes its place, may be set, once.
FORWARD = """
CREATE FUNCTION power_freeze_list() RETURNS trigger LANGUAGE plpgsql AS $$
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
        RAISE EXCEPTION '权责清单已经公布，不得修改' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'power_list_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER power_list_frozen BEFORE UPDATE OR DELETE ON power_powerlist
    FOR EACH ROW EXECUTE FUNCTION power_freeze_list();

CREATE FUNCTION power_freeze_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owners bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN
        owners := owners || OLD.listed_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        owners := owners || NEW.listed_id;
    END IF;
    IF EXISTS (SELECT 1 FROM power_powerlist WHERE id = ANY (owners) AND state = 'published') THEN
        RAISE EXCEPTION '权责清单已经公布，事项不得增减、修改' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'power_item_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER power_item_frozen BEFORE INSERT OR UPDATE OR DELETE ON power_poweritem
    FOR EACH ROW EXECUTE FUNCTION power_freeze_item();
"""
BACKWARD = """
DROP TRIGGER power_item_frozen ON power_poweritem;
DROP FUNCTION power_freeze_item();
DROP TRIGGER power_list_frozen ON power_powerlist;
DROP FUNCTION power_freeze_list();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0004_apart'),
    ]

    operations = [
        migrations.CreateModel(
            name='PowerList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=300, verbose_name='来源')),
                ('confidence', models.CharField(choices=[('source', '有公开来源'), ('text', '依法律文本'), ('analysis', '分析所得'), ('memory', '待核：凭记忆'), ('model', '样例')], max_length=10, verbose_name='可信程度')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('code', models.CharField(max_length=40, verbose_name='编号')),
                ('title', models.CharField(max_length=100, verbose_name='名称')),
                ('issuer', models.CharField(max_length=80, verbose_name='发布机关')),
                ('document', models.CharField(max_length=100, verbose_name='文号')),
                ('state', models.CharField(choices=[('draft', '拟定中'), ('reviewed', '已审核'), ('published', '已公布')], default='draft', max_length=10, verbose_name='状态')),
                ('from_date', models.DateField(verbose_name='施行日期')),
                ('until', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('drafted_on', models.DateField(blank=True, null=True, verbose_name='拟定日期')),
                ('reviewed_on', models.DateField(blank=True, null=True, verbose_name='审核日期')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='公布日期')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='内容校验值')),
                ('shipped', models.BooleanField(default=False, editable=False, verbose_name='随软件发布')),
                ('drafted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.officer', verbose_name='拟定人')),
                ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='power_lists', to='org.organ', verbose_name='机关')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.officer', verbose_name='公布人')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.officer', verbose_name='审核人')),
            ],
            options={
                'verbose_name': '权责清单',
                'verbose_name_plural': '权责清单',
                'ordering': ['-from_date', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PowerItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('code', models.CharField(max_length=20, verbose_name='编码')),
                ('cls', models.CharField(choices=[('行政许可', '行政许可'), ('行政处罚', '行政处罚'), ('行政强制', '行政强制'), ('行政检查', '行政检查'), ('行政确认', '行政确认'), ('行政奖励', '行政奖励'), ('其他权力', '其他权力')], max_length=8, verbose_name='类别')),
                ('name', models.CharField(max_length=200, verbose_name='职权名称')),
                ('group', models.CharField(blank=True, max_length=200, verbose_name='主项')),
                ('bases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=150), default=list, size=None, verbose_name='依据')),
                ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), default=list, size=None, verbose_name='行使层级')),
                ('office', models.CharField(max_length=60, verbose_name='承办机构')),
                ('posts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='责任岗位')),
                ('risk', models.CharField(choices=[('高', '高'), ('中', '中'), ('低', '低')], max_length=2, verbose_name='风险等级')),
                ('procedure', models.CharField(blank=True, max_length=40, verbose_name='办理程序')),
                ('flow', models.CharField(blank=True, max_length=40, verbose_name='流程样式')),
                ('sectors', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None, verbose_name='监管行业')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None, verbose_name='检查来源')),
                ('general', models.BooleanField(default=False, verbose_name='各行业通用')),
                ('since', models.DateField(verbose_name='施行日期')),
                ('until', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('source', models.CharField(max_length=300, verbose_name='来源')),
                ('confidence', models.CharField(choices=[('source', '有公开来源'), ('text', '依法律文本'), ('analysis', '分析所得'), ('memory', '待核：凭记忆'), ('model', '样例')], max_length=10, verbose_name='可信程度')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('listed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='power.powerlist', verbose_name='清单')),
            ],
            options={
                'verbose_name': '职权事项',
                'verbose_name_plural': '职权事项',
                'ordering': ['listed', 'ordinal'],
            },
        ),
        migrations.AddConstraint(
            model_name='powerlist',
            constraint=models.UniqueConstraint(fields=('code', 'organ'), name='power_list_code_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='powerlist',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('organ', 'from_date'), name='power_list_one_from_a_day', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='powerlist',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('from_date')), _connector='OR'), name='power_list_until_after_from'),
        ),
        migrations.AddConstraint(
            model_name='powerlist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_on__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='power_list_published_with_its_day'),
        ),
        migrations.AddConstraint(
            model_name='powerlist',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', None), ('drafted_by', None), models.Q(('reviewed_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='power_list_reviewer_is_another'),
        ),
        migrations.AddConstraint(
            model_name='powerlist',
            constraint=models.CheckConstraint(condition=models.Q(('published_by', None), models.Q(models.Q(('reviewed_by', None), models.Q(('published_by', models.F('reviewed_by')), _negated=True), _connector='OR'), models.Q(('drafted_by', None), models.Q(('published_by', models.F('drafted_by')), _negated=True), _connector='OR')), _connector='OR'), name='power_list_publisher_is_another'),
        ),
        migrations.AddIndex(
            model_name='poweritem',
            index=models.Index(fields=['code'], name='power_item_by_code'),
        ),
        migrations.AddConstraint(
            model_name='poweritem',
            constraint=models.UniqueConstraint(fields=('listed', 'code', 'since'), name='power_item_once'),
        ),
        migrations.AddConstraint(
            model_name='poweritem',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='power_item_until_after_since'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
