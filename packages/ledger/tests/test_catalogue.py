"""The database itself keeps authorities apart and the record unchanged: read from its catalogue."""

from ledger.connect import Connection
from stack.databases import DatabaseUrls

# They hold positions, clocks and records nobody can read; no authority can be told for them.
WITHOUT_TENANT = {
    "es.checkpoints",
    "es.clock",
    "es.dead_letters",
    "es.migrations",
    "es.rebuilds",
}

TABLES = """
select c.oid::regclass::text as name, c.relrowsecurity and c.relforcerowsecurity as forced,
       exists (select from pg_attribute a
                where a.attrelid = c.oid and a.attname = 'tenant' and a.attnotnull) as tenant,
       coalesce((select bool_and(exists (
                            select from unnest(i.indkey) k join pg_attribute a
                                on a.attrelid = c.oid and a.attnum = k and a.attname = 'tenant'))
                   from pg_index i where i.indrelid = c.oid and i.indisunique), false) as keyed
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'rebuild')
"""

POLICIES = """
select p.polrelid::regclass::text as name, p.polname, p.polcmd::text as command, p.polpermissive,
       array(select r.rolname from pg_roles r where r.oid = any (p.polroles)) as roles,
       pg_get_expr(p.polqual, p.polrelid) as using,
       pg_get_expr(p.polwithcheck, p.polrelid) as checking
  from pg_policy p
"""

GRANTS = """
select c.oid::regclass::text as name, r.rolname, a.privilege_type
  from pg_class c cross join lateral aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
 where c.relnamespace = 'es'::regnamespace and r.rolname like current_database() || '%'
   and r.oid <> c.relowner
"""

ROLES = """
select rolname,
       rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty,
       (select count(*) from pg_class where relowner = r.oid) as owns,
       (select count(*) from pg_auth_members where member = r.oid) as member_of
  from pg_roles r where rolname like current_database() || '\\_%'
"""

DEFINERS = """
select p.oid::regprocedure::text from pg_proc p
 where p.pronamespace = 'es'::regnamespace and p.prosecdef
"""

TRIGGERS = """
select tgrelid::regclass::text as name, tgtype::integer & 1 = 0 as statement,
       tgtype::integer & 8 > 0 as deletes, tgtype::integer & 16 > 0 as updates,
       tgtype::integer & 32 > 0 as truncates, tgenabled::text as enabled
  from pg_trigger where tgname = 'append_only'
"""

LEAKY = """
select o.oprname || ' ' || o.oprleft::regtype || ' in ' || i.indexrelid::regclass
  from pg_index i
  join pg_class c on c.oid = i.indrelid and c.relrowsecurity
 cross join lateral unnest(i.indclass) class (opclass)
  join pg_opclass k on k.oid = class.opclass
  join pg_amop m on m.amopfamily = k.opcfamily and m.amoplefttype = k.opcintype
       and m.amoprighttype = k.opcintype
  join pg_operator o on o.oid = m.amopopr
  join pg_proc f on f.oid = o.oprcode
 where not f.proleakproof
"""


async def test_every_table_with_a_tenant_forces_row_level_security(superuser: Connection) -> None:
    rows = await superuser.fetch(TABLES)
    found = {row["name"]: row for row in rows if row["name"].split(".")[0] in {"es", "read"}}
    assert found.keys() >= {"es.events", "es.streams", "es.commands", "es.claims", "es.threads"}
    assert {name for name, row in found.items() if not row["tenant"]} == WITHOUT_TENANT
    for name, row in found.items():
        if name not in WITHOUT_TENANT:
            assert row["forced"], name
            assert row["keyed"], f"{name} has a unique key without tenant"


async def test_each_protected_table_has_exactly_the_two_policies(superuser: Connection) -> None:
    database = await superuser.fetchval("select current_database()")
    scope = "(tenant = ANY (( SELECT es.scope() AS scope)::uuid[]))"
    policies: dict[str, dict[str, object]] = {}
    for row in await superuser.fetch(POLICIES):
        assert row["command"] == "*"
        assert row["polpermissive"]
        assert row["using"] == row["checking"], row["name"]
        [role] = row["roles"]
        policies.setdefault(row["name"], {})[role] = row["using"]
    expected = {f"{database}_handler": scope, f"{database}_worker": "true"}
    for name, by_role in policies.items():
        assert by_role == expected, name


async def test_no_role_of_the_service_is_above_the_walls(superuser: Connection) -> None:
    database = await superuser.fetchval("select current_database()")
    rows = {row["rolname"]: row for row in await superuser.fetch(ROLES)}
    assert rows.keys() == {f"{database}_{duty}" for duty in ("owner", "handler", "worker")}
    for name, row in rows.items():
        assert not row["mighty"], name
        assert row["member_of"] == 0, name
        assert (row["owns"] > 0) == name.endswith("_owner"), name


async def test_nobody_was_granted_to_change_or_remove_what_is_recorded(
    superuser: Connection,
) -> None:
    granted: dict[str, set[str]] = {}
    for row in await superuser.fetch(GRANTS):
        duty = row["rolname"].rpartition("_")[2]
        granted.setdefault(f"{row['name']} {duty}", set()).add(row["privilege_type"])
    for table in ("es.events", "es.commands"):
        for duty in ("handler", "worker"):
            assert granted[f"{table} {duty}"] == {"SELECT", "INSERT"}
    assert not any("TRUNCATE" in each or "TRIGGER" in each for each in granted.values())
    for hidden in ("heard", "refused", "parked", "parked_records", "dead_letters"):
        assert f"es.{hidden} handler" not in granted


async def test_the_record_refuses_change_by_trigger_too(superuser: Connection) -> None:
    rows = {row["name"]: row for row in await superuser.fetch(TRIGGERS)}
    assert rows.keys() == {"es.events", "es.commands"}
    for row in rows.values():
        assert all([row["statement"], row["deletes"], row["updates"], row["truncates"]])
        assert row["enabled"] == "A", "also where triggers are off for replication"


async def test_no_function_acts_with_its_owners_rights(superuser: Connection) -> None:
    assert await superuser.fetch(DEFINERS) == []


async def test_what_is_searched_under_row_level_security_is_leakproof(
    superuser: Connection,
) -> None:
    # An operator that is not leakproof is tried after the policy on every row: no index helps.
    leaky = {row[0] for row in await superuser.fetch(LEAKY)}
    assert leaky == set()


async def test_positions_are_not_cached(superuser: Connection, database: DatabaseUrls) -> None:
    cached = "select cache_size from pg_sequences where schemaname = 'es'"
    assert await superuser.fetchval(cached) == 1
