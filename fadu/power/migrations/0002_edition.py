"""The database renews the edition of the lists of powers when one is written."""

from django.db import migrations

from fadu.law.editions import watch


class Migration(migrations.Migration):
    dependencies = [("power", "0001_initial"), ("law", "0003_editions")]
    operations = [watch("powers", "power_powerlist")]
