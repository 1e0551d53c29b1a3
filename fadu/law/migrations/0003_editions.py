"""The database renews the editions of numbers and provisions itself, so that what a process keeps is never out of date."""

from django.db import migrations

from fadu.law.editions import NUMBERS, PROVISIONS, watch


class Migration(migrations.Migration):
    dependencies = [("law", "0002_library")]
    operations = [watch(NUMBERS, "law_parameter"), watch(PROVISIONS, "law_provision")]
