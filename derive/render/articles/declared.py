"""Refutations, worked numbers and trials as blocks of an article."""

from __future__ import annotations


