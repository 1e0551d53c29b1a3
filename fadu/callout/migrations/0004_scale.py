"""One index less for every move of a call to write."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("callout", "0003_counters")]

    operations = [
        # the calls of a post are found by (called, rung): they are few
        migrations.RemoveIndex(model_name="call", name="callout_call_live"),
    ]
