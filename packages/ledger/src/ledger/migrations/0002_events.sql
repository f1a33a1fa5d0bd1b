-- The record itself: streams, their events, the commands accepted, and what is unique across them.

-- No cache: a session that held positions back would give them out after others had passed them,
-- and every reader below relies on positions being drawn in order.
create sequence es.position_seq as bigint cache 1;

-- Where each stream stands. No index but the key, and room on each page, so that a new version
-- touches no index (a heap-only update).
create table es.streams (
    tenant uuid not null,
    stream_id uuid not null,
    category text not null,
    version integer not null check (version > 0),
    recorded_at timestamptz not null,
    leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
    case_id uuid,
    -- Custody has passed to another authority. Closing a case does not set it.
    read_only boolean not null default false,
    primary key (tenant, stream_id)
) with (fillfactor = 70);

-- payload is bytes, never jsonb: what was hashed must stay as it was written. If the table outgrows
-- 10^8 rows it is partitioned by hash of the tenant, never by time: the version key must be unique.
create table es.events (
    position bigint not null,
    tenant uuid not null,
    stream_id uuid not null,
    version integer not null check (version > 0),
    event_id uuid not null,
    command_id uuid not null,
    type text not null,
    schema_version integer not null check (schema_version > 0),
    occurred_at timestamptz not null,
    occurred_precision text not null check (occurred_precision in ('instant', 'day')),
    recorded_at timestamptz not null,
    payload bytea not null,
    sealed bytea not null,
    metadata bytea not null,
    blinding bytea not null check (octet_length(blinding) = 32),
    leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
    primary key (position, tenant),
    unique (tenant, stream_id, version)
);

-- One row a command accepted, also one that decided nothing. A refusal is not remembered: the same
-- command may be allowed tomorrow. versions[i] is that of streams[i] after the command.
create table es.commands (
    tenant uuid not null,
    command_id uuid not null,
    outcome text not null,
    streams uuid[] not null,
    versions integer[] not null,
    primary key (tenant, command_id)
);

-- What is unique across streams: a human reference, one case a child. Taken and released with an
-- append; a read model, which follows, can never promise it.
create table es.claims (
    tenant uuid not null,
    kind text not null,
    value text not null,
    stream_id uuid not null,
    primary key (tenant, kind, value)
);

-- A folded state, to be folded on from its version. Another fold_id than today's makes it void.
create table es.snapshots (
    tenant uuid not null,
    stream_id uuid not null,
    version integer not null check (version > 0),
    fold_id text not null,
    state bytea not null,
    primary key (tenant, stream_id)
);

create function es.refuse_change() returns trigger
language plpgsql
as $$
begin
    raise exception '%.% is append-only: % is refused', tg_table_schema, tg_table_name, tg_op
        using errcode = 'insufficient_privilege';
end $$;

create trigger append_only before update or delete or truncate on es.events
    for each statement execute function es.refuse_change();
create trigger append_only before update or delete or truncate on es.commands
    for each statement execute function es.refuse_change();
-- Also where triggers are switched off for replication.
alter table es.events enable always trigger append_only;
alter table es.commands enable always trigger append_only;

select es.guard(each::regclass)
  from unnest(array['es.streams', 'es.events', 'es.commands', 'es.claims', 'es.snapshots']) each;
select es.allow(duty, privileges, what::regclass)
  from unnest(array['handler', 'worker']) duty,
       (values ('select, insert, update', 'es.streams'),
               ('select, insert', 'es.events'),
               ('select, insert', 'es.commands'),
               ('select, insert, delete', 'es.claims'),
               ('select, insert, update', 'es.snapshots'),
               ('select, usage', 'es.position_seq')) given (privileges, what);
