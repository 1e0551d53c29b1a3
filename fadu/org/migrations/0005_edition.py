"""The database renews the edition of the organs when one is written."""

from django.db import migrations

from fadu.law.editions import watch


class Migration(migrations.Migration):
    dependencies = [("org", "0004_apart"), ("law", "0003_editions")]
    operations = [watch("organs", "org_organ")]
