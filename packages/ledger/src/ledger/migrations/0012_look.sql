-- All that a decision reads, in one round trip, also for several commands at once: streams, who
-- holds a claim, whether a command was accepted before, and the clock. It takes the place of
-- es.load, es.load_folded and es.holder.

drop function es.load_folded(text, uuid, uuid[], integer[], uuid, text[]);
drop function es.load(text, uuid, uuid[], integer[], uuid);
drop function es.holder(uuid, text, text);

-- Rows by kind: 'begun' comes first, with the clock; 'accepted' has the command in event_command_id;
-- 'claim' the claim's place in the arrays as version, and its holder; 'head' and 'event' are streams;
-- 'snapshot' has the fold as type and the state as payload, and the events begin behind it.
-- `fold_ids` is empty, or has an entry for each stream ('': no snapshot is wanted).
-- Streams, claims and commands are of one moment. A snapshot says what its stream was at its version
-- for ever, so it may be of an earlier one.
create function es.look(
    scope text, tenant uuid, stream_ids uuid[], after integer[], fold_ids text[],
    command_ids uuid[], claim_kinds text[], claim_values text[]
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
    kept es.snapshots[] := '{}';
    known integer[] := after;
begin
    if not wanted_tenant = any (scope::uuid[]) then
        raise exception 'the authority is not in scope' using errcode = 'insufficient_privilege';
    end if;
    perform set_config('app.tenants', scope, true);
    if cardinality(fold_ids) > 0 then
        kept := array(
            select s
              from unnest(stream_ids, after, fold_ids) w (id, version, fold_id)
             cross join lateral (
                   select * from es.snapshots s
                    where s.tenant = wanted_tenant and s.stream_id = w.id limit 1) s
             where s.fold_id = w.fold_id and s.version > w.version);
    end if;
    if cardinality(kept) > 0 then
        known := array(
            select coalesce(s.version, w.version)
              from unnest(stream_ids, after) with ordinality w (id, version, place)
              left join unnest(kept) s on s.stream_id = w.id
             order by w.place);
    end if;
    return query
        select 'begun', es.now(), null, null::uuid[], null::integer[], null::uuid, null::boolean,
               null::bigint, null::uuid, null::integer, null::uuid, null::uuid, null, null::integer,
               null::timestamptz, null, null::timestamptz, null::bytea, null::bytea, null::bytea,
               null::bytea, null::bytea
        union all
        select 'accepted', null, k.outcome, k.streams, k.versions, null, null,
               (select max(e.position)
                  from unnest(k.streams, k.versions) v (stream_id, version)
                 cross join lateral (
                       select e.position from es.events e
                        where e.tenant = wanted_tenant and e.stream_id = v.stream_id
                          and e.version = v.version limit 1) e),
               null, null, null, w.id, null, null, null, null, null, null, null, null, null, null
          from unnest(command_ids) w (id)
         cross join lateral (
               select * from es.commands k
                where k.tenant = wanted_tenant and k.command_id = w.id limit 1) k
        union all
        select 'claim', null, null, null, null, null, null, null, c.stream_id, w.place::integer,
               null, null, null, null, null, null, null, null, null, null, null, null
          from unnest(claim_kinds, claim_values) with ordinality w (kind, value, place)
         cross join lateral (
               select * from es.claims c
                where c.tenant = wanted_tenant and c.kind = w.kind and c.value = w.value limit 1) c
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
          from unnest(stream_ids, known) w (id, version)
         cross join lateral (
               select * from es.events e
                where e.tenant = wanted_tenant and e.stream_id = w.id and e.version > w.version
                order by e.version) e;
    if cardinality(kept) > 0 then
        return query
            select 'snapshot', null::timestamptz, null, null::uuid[], null::integer[], null::uuid,
                   null::boolean, s.position, s.stream_id, s.version, null::uuid, null::uuid,
                   s.fold_id, null::integer, null::timestamptz, null, null::timestamptz, s.state,
                   null::bytea, null::bytea, null::bytea, null::bytea
              from unnest(kept) s;
    end if;
end $$;
