"""Revision 0002 of the record's database: rows can be added at the end of the chain and never changed; an index."""

from alembic import op

from models.record.guards import statements

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the guards and the index."""
    op.create_index("entry_by_type", "entry", ["type", "sequence"])
    for statement in statements(op.get_bind().dialect.name):
        op.execute(statement)
