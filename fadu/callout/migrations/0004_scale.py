"""One index less for every move of a call to write, and one of receipts that the sweep cannot mistake for its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("callout", "0003_counters")]

    operations = [
        # the calls of a post are found by (called, rung): they are few
        migrations.RemoveIndex(model_name="call", name="callout_call_live"),
        migrations.RemoveIndex(model_name="receipt", name="callout_receipt_unread"),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("applied_at", None), ("id__gt", 0)), fields=["id"], name="callout_receipt_unread"
            ),
        ),
    ]
