"""What Alembic runs for every upgrade: on the connection, and in the transaction, that `models.record.database` gives.

There is no alembic.ini and no command line of its own: a record is brought up to date when it is opened.
"""

from alembic import context

from models.record.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
