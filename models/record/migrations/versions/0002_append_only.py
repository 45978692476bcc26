"""Revision 0002 of the record's database: rows can be added at the end of the chain and never changed; an index.

The guards stop accidents and honest programs. Someone who owns the file can remove them; that is what the chain of
digests is for.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
        for table in ("entry", "content")
        for verb in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER entry_follows BEFORE INSERT ON entry "
    "WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entry) OR NEW.previous IS NOT "
    f"coalesce((SELECT digest FROM entry ORDER BY sequence DESC LIMIT 1), '{'0' * 64}') "
    "BEGIN SELECT RAISE(ABORT, 'an entry must follow the newest one'); END",
    # INSERT OR REPLACE would otherwise change a content without any UPDATE
    "CREATE TRIGGER content_once BEFORE INSERT ON content "
    "WHEN EXISTS (SELECT 1 FROM content WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(IGNORE); END",
)
POSTGRESQL = (
    "CREATE FUNCTION record_refuses() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$",
    "CREATE FUNCTION record_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NEW.sequence IS DISTINCT FROM (SELECT coalesce(max(sequence), 0) + 1 FROM entry) OR NEW.previous IS DISTINCT "
    f"FROM coalesce((SELECT digest FROM entry ORDER BY sequence DESC LIMIT 1), '{'0' * 64}') "
    "THEN RAISE EXCEPTION 'an entry must follow the newest one'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER entry_follows BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION record_follows()",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_refuses()"
        for table in ("entry", "content")
    ),
)


def upgrade() -> None:
    """Add the guards and the index."""
    op.create_index("entry_by_type", "entry", ["type", "sequence"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
