"""Tests of the whole house; the apps' own tests lie beside their code."""
