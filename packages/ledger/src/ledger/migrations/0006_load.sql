-- Reading for a decision, in one round trip: the scope is set, then everything is read in one
-- statement, so that heads and events are of one moment.

-- Rows of three kinds, in this order: 'begun' (once: the clock; outcome, streams, versions and
-- position if the command was accepted before), 'head' (a stream that is there), 'event'.
create function es.load(
    scope text, tenant uuid, stream_ids uuid[], after integer[], command_id uuid
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
    wanted_command uuid := command_id;
begin
    if not wanted_tenant = any (scope::uuid[]) then
        raise exception 'the authority is not in scope' using errcode = 'insufficient_privilege';
    end if;
    perform set_config('app.tenants', scope, true);
    return query
        select 'begun', es.now(), k.outcome, k.streams, k.versions, null::uuid, null::boolean,
               (select max(e.position)
                  from unnest(k.streams, k.versions) v (stream_id, version)
                 cross join lateral (
                       select e.position from es.events e
                        where e.tenant = wanted_tenant and e.stream_id = v.stream_id
                          and e.version = v.version limit 1) e),
               null::uuid, null::integer, null::uuid, null::uuid, null, null::integer,
               null::timestamptz, null, null::timestamptz, null::bytea, null::bytea, null::bytea,
               null::bytea, null::bytea
          from (select true) once
          left join es.commands k
            on k.tenant = wanted_tenant and k.command_id = wanted_command
        union all
        select 'head', null, null, null, null, s.case_id, s.read_only,
               null, s.stream_id, s.version, null, null, null, null, null, null, s.recorded_at,
               null, null, null, null, s.leaf_hash
          from unnest(stream_ids) w (id)
         cross join lateral (
               select * from es.streams s
                where s.tenant = wanted_tenant and s.stream_id = w.id limit 1) s
        union all
        select 'event', null, null, null, null, null, null,
               e.position, e.stream_id, e.version, e.event_id, e.command_id, e.type,
               e.schema_version, e.occurred_at, e.occurred_precision, e.recorded_at, e.payload,
               e.sealed, e.metadata, e.blinding, e.leaf_hash
          from unnest(stream_ids, after) w (id, version)
         cross join lateral (
               select * from es.events e
                where e.tenant = wanted_tenant and e.stream_id = w.id and e.version > w.version
                order by e.version) e;
end $$;

create function es.holder(tenant uuid, kind text, value text) returns uuid
language plpgsql volatile
as $$
#variable_conflict use_variable
begin
    perform set_config('app.tenants', tenant::text, true);
    return (select c.stream_id from es.claims c
             where c.tenant = tenant and c.kind = kind and c.value = value);
end $$;

create function es.read(tenant uuid, stream_id uuid, after_version integer, most integer)
returns setof es.events
language plpgsql volatile
as $$
#variable_conflict use_variable
begin
    perform set_config('app.tenants', tenant::text, true);
    return query
        select e.* from es.events e
         where e.tenant = tenant and e.stream_id = stream_id and e.version > after_version
         order by e.version
         limit most;
end $$;
