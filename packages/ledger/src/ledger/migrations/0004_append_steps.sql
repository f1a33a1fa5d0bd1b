-- The steps of es.append (0005_append.sql), in the order in which it takes them. Each works on the
-- whole batch as arrays; what the letters before their names mean is said there.
--
-- Lookups are written as one row of a lateral subquery for each element: so they always go by the
-- key. How a join is done is chosen from the sizes the tables had when it was first planned.

-- What became of a command. `stream_id`: of conflict and read_only, the stream; of taken, the holder.
-- `claim`: of taken, the claim's place among those the batch takes.
create type es.answer as (
    command integer,
    status text,
    stream_id uuid,
    version integer,
    claim integer,
    position bigint,
    outcome text,
    streams uuid[],
    versions integer[],
    now timestamptz
);

-- Where a stream stands after the batch. `base`: where it stood before, 0 if it was not there.
create type es.head as (
    tenant uuid,
    stream_id uuid,
    category text,
    case_id uuid,
    base integer,
    version integer,
    recorded_at timestamptz,
    leaf_hash bytea
);

create function es.standing(before boolean[], fallen es.answer[]) returns boolean[]
language sql immutable
as $$
    select array_agg(stands and place <> all (array(select command from unnest(fallen)))
                     order by place)
      from unnest(before) with ordinality c (stands, place)
$$;

-- 0. The commands that were accepted before, with their first outcome and position.
create function es.accepted_before(c_tenant uuid[], c_id uuid[], standing boolean[])
returns es.answer[]
language plpgsql volatile
as $$
begin
    return array(
        select row (c.place, 'duplicate', null, null, null, last.position,
                    k.outcome, k.streams, k.versions, null)::es.answer
          from unnest(c_tenant, c_id, standing) with ordinality c (tenant, id, stands, place)
         cross join lateral (
               select * from es.commands k
                where k.tenant = c.tenant and k.command_id = c.id limit 1) k
         cross join lateral (
               select coalesce(max(e.position), 0) as position
                 from unnest(k.streams, k.versions) v (stream_id, version)
                cross join lateral (
                      select e.position from es.events e
                       where e.tenant = c.tenant and e.stream_id = v.stream_id
                         and e.version = v.version limit 1) e) last
         where c.stands);
end $$;

-- 0. The commands that would take what another stream holds.
create function es.taken_by_others(
    c_tenant uuid[], s_command integer[], s_id uuid[],
    t_stream integer[], t_kind text[], t_value text[],
    r_stream integer[], r_kind text[], r_value text[], standing boolean[]
) returns es.answer[]
language plpgsql volatile
as $$
begin
    return array(
        select distinct on (s_command[t.stream])
               row (s_command[t.stream], 'taken', held.stream_id, null, t.place,
                    null, null, null, null, null)::es.answer
          from unnest(t_stream, t_kind, t_value) with ordinality t (stream, kind, value, place)
         cross join lateral (
               select * from es.claims held
                where held.tenant = c_tenant[s_command[t.stream]]
                  and held.kind = t.kind and held.value = t.value limit 1) held
         where standing[s_command[t.stream]]
           and held.stream_id <> s_id[t.stream]
           -- A claim may pass from one stream to another within one command.
           and not exists (
               select from unnest(r_stream, r_kind, r_value) r (stream, kind, value)
                where s_command[r.stream] = s_command[t.stream]
                  and s_id[r.stream] = held.stream_id
                  and r.kind = t.kind and r.value = t.value)
         order by s_command[t.stream], t.place);
end $$;

-- 1. and 2. where each stream stands once in the batch: the usual case, and half the work.
create function es.judged_apart(
    c_tenant uuid[], s_command integer[], s_id uuid[], s_base integer[], s_base_leaf bytea[],
    s_from integer[], s_count integer[], e_recorded_at timestamptz[], standing boolean[],
    store_now timestamptz
) returns es.answer[]
language plpgsql volatile
as $$
declare
    no_leaf constant bytea := decode(repeat('00', 32), 'hex');
begin
    return array(
        with judged as materialized (
            select s.command, s.id, s.place, coalesce(head.version, 0) as version,
                   case
                   when head.read_only and s.events > 0 then 'read_only'
                   when s.base <> coalesce(head.version, 0)
                        or s.base_leaf <> coalesce(head.leaf_hash, no_leaf) then 'conflict'
                   when s.events > 0 and (
                            e_recorded_at[s.first] < head.recorded_at
                            or e_recorded_at[s.first] < store_now - interval '5 s'
                            or e_recorded_at[s.first + s.events - 1] > store_now + interval '5 s')
                        then 'clock'
                   end as fault
              from (select c_tenant[s.command] as tenant, s.*
                      from unnest(s_command, s_id, s_base, s_base_leaf, s_from, s_count)
                           with ordinality s (command, id, base, base_leaf, first, events, place)
                     where standing[s.command]
                     order by tenant, s.id) s
              left join lateral (
                   select * from es.streams t
                    where t.tenant = s.tenant and t.stream_id = s.id
                    limit 1 for update) head on true)
        select distinct on (command)
               row (command, fault, id, version, null, null, null, null, null, store_now)
               ::es.answer
          from judged
         where fault is not null
         order by command, place);
end $$;

-- 1. Lock the streams that are there. Pairs (tenant, stream) are sorted, not commands: a command may
-- span streams.
-- 2. Compare each chain with its head. A chain falls as one, also with a command that fell before.
create function es.judged(
    c_tenant uuid[], s_command integer[], s_id uuid[], s_base integer[], s_base_leaf bytea[],
    s_from integer[], s_count integer[], e_recorded_at timestamptz[], e_leaf_hash bytea[],
    standing boolean[], store_now timestamptz
) returns es.answer[]
language plpgsql volatile
as $$
declare
    no_leaf constant bytea := decode(repeat('00', 32), 'hex');
begin
    return array(
        with locked as materialized (
            select s.*, head.version, head.recorded_at, head.leaf_hash, head.read_only,
                   case when s.events > 0 then e_recorded_at[s.first] end as begins,
                   case when s.events > 0 then e_recorded_at[s.first + s.events - 1] end as ends,
                   case when s.events > 0 then e_leaf_hash[s.first + s.events - 1]
                        else s.base_leaf end as end_leaf
              from (select c_tenant[s.command] as tenant, s.*
                      from unnest(s_command, s_id, s_base, s_base_leaf, s_from, s_count)
                           with ordinality s (command, id, base, base_leaf, first, events, place)
                     order by tenant, s.id, s.place) s
              left join lateral (
                   select * from es.streams t
                    where t.tenant = s.tenant and t.stream_id = s.id and standing[s.command]
                    limit 1 for update) head on true
        ), judged as (
            select *,
                   case
                   when not standing[command] then 'fell before'
                   when count(*) over (partition by tenant, id) > 1
                        and count(*) over (partition by command) > 1 then 'shared'
                   when read_only and events > 0 then 'read_only'
                   when base <> lag(base + events, 1, coalesce(version, 0)) over chain
                        or base_leaf <> lag(end_leaf, 1, coalesce(leaf_hash, no_leaf)) over chain
                        then 'conflict'
                   when begins < recorded_at or begins < max(ends) over earlier
                        or begins < store_now - interval '5 s' or ends > store_now + interval '5 s'
                        then 'clock'
                   end as fault
              from locked
            window chain as (partition by tenant, id order by place),
                   earlier as (chain rows between unbounded preceding and 1 preceding)
        ), chained as (
            select *, bool_or(fault is not null) over (partition by tenant, id) as broken
              from judged
        )
        select distinct on (command)
               row (command, coalesce(fault, 'conflict'), id, coalesce(version, 0), null,
                    null, null, null, null, store_now)::es.answer
          from chained
         where broken and standing[command]
         order by command, fault is null, place);
end $$;

-- 3. Where the streams stand after the commands that stand, sorted by their keys.
create function es.heads_after(
    c_tenant uuid[], s_command integer[], s_id uuid[], s_category text[], s_case uuid[],
    s_base integer[], s_from integer[], s_count integer[], e_recorded_at timestamptz[],
    e_leaf_hash bytea[], standing boolean[]
) returns es.head[]
language plpgsql volatile
as $$
begin
    return array(
        select distinct on (tenant, s.id)
               row (tenant, s.id, s.category, first_value(s.case_id) over chain,
                    first_value(s.base) over chain, s.base + s.events,
                    e_recorded_at[s.first + s.events - 1],
                    e_leaf_hash[s.first + s.events - 1])::es.head
          from (select c_tenant[s.command] as tenant, s.*
                  from unnest(s_command, s_id, s_category, s_case, s_base, s_from, s_count)
                       with ordinality
                       s (command, id, category, case_id, base, first, events, place)
                 where standing[s.command] and s.events > 0) s
        window chain as (partition by tenant, s.id order by s.place)
         order by tenant, s.id, s.place desc);
end $$;

-- 3. Delete claims by where they lie: found just now, held by streams that are locked, and a claim is
-- never updated. The other ways to find them are closed: one of them looks cheaper while the table
-- is small.
create function es.release(places tid[]) returns void
language sql volatile
set enable_seqscan = off set enable_indexscan = off set enable_bitmapscan = off
as $$
    delete from es.claims where ctid = any (places)
$$;

create function es.change_claims(
    c_tenant uuid[], s_command integer[], s_id uuid[],
    t_stream integer[], t_kind text[], t_value text[],
    r_stream integer[], r_kind text[], r_value text[], standing boolean[]
) returns void
language plpgsql volatile
as $$
begin
    if cardinality(r_stream) > 0 then
        perform es.release(array(
            select held.ctid
              from unnest(r_stream, r_kind, r_value) r (stream, kind, value)
             cross join lateral (
                   select ctid from es.claims held
                    where held.tenant = c_tenant[s_command[r.stream]]
                      and held.kind = r.kind and held.value = r.value
                      and held.stream_id = s_id[r.stream] limit 1) held
             where standing[s_command[r.stream]]));
    end if;
    if cardinality(t_stream) > 0 then
        -- What the stream holds already stays. What somebody else took meanwhile is *not* skipped:
        -- it shall raise.
        insert into es.claims (tenant, kind, value, stream_id)
        select c_tenant[s_command[t.stream]], t.kind, t.value, s_id[t.stream]
          from unnest(t_stream, t_kind, t_value) t (stream, kind, value)
          left join lateral (
               select true as already from es.claims held
                where held.tenant = c_tenant[s_command[t.stream]]
                  and held.kind = t.kind and held.value = t.value
                  and held.stream_id = s_id[t.stream] limit 1) held on true
         where standing[s_command[t.stream]] and already is null
         order by 1, 2, 3;
    end if;
end $$;

-- 3. Move the streams that were there. Every row is there and locked; it is said as an upsert because
-- that always goes by the key.
create function es.move_streams(heads es.head[]) returns void
language plpgsql volatile
as $$
begin
    insert into es.streams as s (tenant, stream_id, category, version, recorded_at, leaf_hash)
    select tenant, stream_id, category, version, recorded_at, leaf_hash
      from unnest(heads)
     where base > 0
        on conflict (tenant, stream_id) do update
       set version = excluded.version,
           recorded_at = excluded.recorded_at,
           leaf_hash = excluded.leaf_hash;
end $$;
