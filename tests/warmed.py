"""Everything a server or a worker imports, read once by the process `tests.starting` forks from.

Nothing here may read the environment or open a database: each process has its own.
"""
# ruff: noqa: F401

import gc

import celery.bin.celery
import celery.bin.worker
import celery.worker.worker
import granian
import kombu.transport.redis
import kombu.transport.sqlalchemy
import pytest

import migrations.run
import pos.app
import pos.serve
import worker.errands
import worker.reports
import worker.running

gc.collect()
gc.freeze()
