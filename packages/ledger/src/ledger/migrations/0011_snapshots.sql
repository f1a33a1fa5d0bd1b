-- Folded states: a long stream is read from its snapshot on. Any may be dropped at any time.

-- The position of the event at the snapshot's version: what was read goes up to there at least.
alter table es.snapshots add column position bigint not null default 0;

-- As es.load (0006), but a stream of which there is a snapshot by `fold_ids` is read from there on;
-- a row of kind 'snapshot' gives it: version, position, fold_id as type, state as payload. A snapshot
-- says what its stream was at its version for ever, so it need not be of the same moment as the rest.
create function es.load_folded(
    scope text, tenant uuid, stream_ids uuid[], after integer[], command_id uuid, fold_ids text[]
) returns table (
    kind text, now timestamptz, outcome text, streams uuid[], versions integer[],
    case_id uuid, read_only boolean,
    "position" bigint, stream_id uuid, version integer, event_id uuid, event_command_id uuid,
    type text, schema_version integer, occurred_at timestamptz, occurred_precision text,
    recorded_at timestamptz, payload bytea, sealed bytea, metadata bytea, blinding bytea,
    leaf_hash bytea
)
language plpgsql volatile
as $$
#variable_conflict use_column
declare
    wanted_tenant uuid := tenant;
    found es.snapshots[];
    known integer[] := after;
begin
    if not wanted_tenant = any (scope::uuid[]) then
        raise exception 'the authority is not in scope' using errcode = 'insufficient_privilege';
    end if;
    perform set_config('app.tenants', scope, true);
    found := array(
        select s
          from unnest(stream_ids, after, fold_ids) w (id, version, fold_id)
         cross join lateral (
               select * from es.snapshots s
                where s.tenant = wanted_tenant and s.stream_id = w.id limit 1) s
         where s.fold_id = w.fold_id and s.version > w.version);
    if cardinality(found) > 0 then
        known := array(
            select coalesce(s.version, w.version)
              from unnest(stream_ids, after) with ordinality w (id, version, place)
              left join unnest(found) s on s.stream_id = w.id
             order by w.place);
    end if;
    return query select * from es.load(scope, wanted_tenant, stream_ids, known, command_id);
    return query
        select 'snapshot', null::timestamptz, null, null::uuid[], null::integer[], null::uuid,
               null::boolean, s.position, s.stream_id, s.version, null::uuid, null::uuid, s.fold_id,
               null::integer, null::timestamptz, null, null::timestamptz, s.state, null::bytea,
               null::bytea, null::bytea, null::bytea
          from unnest(found) s;
end $$;

-- Keep a snapshot, unless a newer one of the same fold is there.
create function es.keep_snapshot(
    tenant uuid, stream_id uuid, version integer, fold_id text, "position" bigint, state bytea
) returns void
language plpgsql volatile
as $$
#variable_conflict use_variable
begin
    perform set_config('app.tenants', tenant::text, true);
    insert into es.snapshots as s (tenant, stream_id, version, fold_id, position, state)
    values (tenant, stream_id, version, fold_id, position, state)
        on conflict on constraint snapshots_pkey do update
       set version = excluded.version, fold_id = excluded.fold_id,
           position = excluded.position, state = excluded.state
     where s.fold_id <> excluded.fold_id or s.version < excluded.version;
end $$;
