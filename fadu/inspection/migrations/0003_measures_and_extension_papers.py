"""Measures on site, and what the papers on an extension of a term state."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspection', '0002_versions_of_checklists'),
    ]

    operations = [
        migrations.AddField(
            model_name='extension',
            name='opinion',
            field=models.TextField(blank=True, verbose_name='承办人意见'),
        ),
        migrations.AddField(
            model_name='extension',
            name='safeguards',
            field=models.TextField(blank=True, verbose_name='整改期间的安全防范措施'),
        ),
        migrations.CreateModel(
            name='MeasuredHazard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspection.finding', verbose_name='问题')),
            ],
            options={
                'verbose_name': '措施所针对的隐患',
                'verbose_name_plural': '措施所针对的隐患',
            },
        ),
        migrations.CreateModel(
            name='OnsiteMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField(verbose_name='第几次')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('withdraw', '从危险区域内撤出作业人员'), ('suspend', '暂时停产停业'), ('stop_use', '停止使用相关设施、设备')], max_length=10), size=None, verbose_name='措施')),
                ('extent', models.CharField(max_length=200, verbose_name='区域、设施和设备')),
                ('reason', models.TextField(verbose_name='无法保证安全的情况')),
                ('ordered_on', models.DateField(verbose_name='决定日期')),
                ('lifted_on', models.DateField(blank=True, null=True, verbose_name='同意恢复日期')),
                ('lift_opinion', models.TextField(blank=True, verbose_name='审查意见')),
                ('lift_round', models.PositiveSmallIntegerField(default=0, verbose_name='第几次同意恢复')),
                ('findings', models.ManyToManyField(related_name='measures', through='inspection.MeasuredHazard', to='inspection.finding', verbose_name='重大事故隐患')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='inspection.visit', verbose_name='检查')),
            ],
            options={
                'verbose_name': '现场处理措施',
                'verbose_name_plural': '现场处理措施',
                'ordering': ['visit', 'ordinal'],
            },
        ),
        migrations.AddField(
            model_name='measuredhazard',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hazards', to='inspection.onsitemeasure', verbose_name='现场处理措施'),
        ),
        migrations.AddConstraint(
            model_name='onsitemeasure',
            constraint=models.UniqueConstraint(fields=('visit', 'ordinal'), name='inspection_measures_in_order'),
        ),
        migrations.AddConstraint(
            model_name='onsitemeasure',
            constraint=models.CheckConstraint(condition=models.Q(('kinds__len__gt', 0)), name='inspection_measure_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='onsitemeasure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lift_opinion', ''), ('lift_round', 0), ('lifted_on', None)), models.Q(('lift_round__gt', 0), ('lifted_on__isnull', False), models.Q(('lift_opinion', ''), _negated=True)), _connector='OR'), name='inspection_measure_lifted_whole'),
        ),
        migrations.AddConstraint(
            model_name='measuredhazard',
            constraint=models.UniqueConstraint(fields=('measure', 'finding'), name='inspection_measured_once'),
        ),
    ]
