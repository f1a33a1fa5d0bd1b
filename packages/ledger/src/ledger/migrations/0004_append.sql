-- Append: a batch of commands in one call, one transaction, set by set, with no loop over rows.
--
-- The order of the statements is the correctness:
--   0  what was accepted before, and what is claimed by others, is looked up;
--   1  existing streams are locked in the order of their keys, *before* any position is drawn, so
--      that within a stream positions and versions have the same order;
--   2  each chain of commands is compared with the head it was made on;
--   3  rows are written table by table, each in the order of its key: no two batches can wait for
--      each other. A race lost here is a unique violation; the batch had no effect, is sent again,
--      and now step 0 or 1 sees what was lost;
--   4  the fence is registered; 5  positions are drawn and the events written.

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

create function es.standing(before boolean[], fallen es.answer[]) returns boolean[]
language sql immutable
as $$
    select array_agg(stands and place <> all (array(select command from unnest(fallen)))
                     order by place)
      from unnest(before) with ordinality c (stands, place)
$$;

-- Delete claims by where they lie: found just now, held by streams that are locked, never updated.
-- The other ways to find them are closed, since one of them looks cheaper while the table is small.
create function es.release(places tid[]) returns void
language sql volatile
set enable_seqscan = off set enable_indexscan = off set enable_bitmapscan = off
as $$
    delete from es.claims where ctid = any (places)
$$;

-- Arrays that begin with c_ have one element a command, s_ a stream of a command, t_ a claim taken,
-- r_ a claim released, e_ an event; places are counted from 1.
--   scopes        the distinct scopes of the callers, each "{uuid,uuid}"; c_scope is a place in it
--   c_from, c_to  which s_ rows of the command have events (c_to < c_from: none)
--   s_base        the version that the decision was made on; s_base_leaf that version's leaf hash
--   s_from        the first event's place; s_count their number (0: the version is only checked)
-- The events of a stream of a command stand together, streams in the order of the s_ rows.
create function es.append(
    scopes text[],
    c_id uuid[], c_tenant uuid[], c_scope integer[], c_outcome text[],
    c_from integer[], c_to integer[],
    s_command integer[], s_id uuid[], s_category text[], s_case uuid[],
    s_base integer[], s_base_leaf bytea[], s_from integer[], s_count integer[],
    t_stream integer[], t_kind text[], t_value text[],
    r_stream integer[], r_kind text[], r_value text[],
    e_stream integer[], e_id uuid[], e_type text[], e_schema_version integer[],
    e_occurred_at timestamptz[], e_occurred_precision text[], e_recorded_at timestamptz[],
    e_payload bytea[], e_sealed bytea[], e_metadata bytea[], e_blinding bytea[],
    e_leaf_hash bytea[]
) returns setof es.answer
language plpgsql volatile
as $$
#variable_conflict use_column
declare
    store_now timestamptz := es.now();
    standing boolean[];
    fallen es.answer[];
    fell es.answer[];
    h_tenant uuid[]; h_id uuid[]; h_category text[]; h_case uuid[];
    h_base integer[]; h_version integer[]; h_recorded_at timestamptz[]; h_leaf_hash bytea[];
    drawn bigint[];
begin
    -- The wall between authorities: a command acts within its caller's scope; then row level
    -- security checks each row against the batch's tenants.
    standing := array(
        select tenant = any (scopes[scope]::uuid[])
          from unnest(c_tenant, c_scope) with ordinality c (tenant, scope, place)
         order by place);
    fallen := array(
        select row (place, 'out_of_scope', null, null, null, null, null, null, null, null)
               ::es.answer
          from unnest(standing) with ordinality c (inside, place)
         where not inside);
    if not true = any (standing) then
        return query select * from unnest(fallen);
        return;
    end if;
    perform set_config('app.tenants', (
        select string_agg(distinct tenant::text, ',')
          from unnest(c_tenant, standing) c (tenant, inside)
         where inside), true);

    -- 0. Lookups. Each goes by a key, one row a command: a join could be planned otherwise.
    fell := array(
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
    if cardinality(fell) > 0 then
        fallen := fallen || fell;
        standing := es.standing(standing, fell);
    end if;
    if cardinality(t_stream) > 0 then
        fell := array(
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
        if cardinality(fell) > 0 then
            fallen := fallen || fell;
            standing := es.standing(standing, fell);
        end if;
    end if;

    -- 1. Lock. The pairs (tenant, stream) are sorted, not the commands: a command may span streams.
    -- 2. Compare. A chain falls as one, also with a command that fell above.
    fell := array(
        with locked as materialized (
            select s.*, head.version, head.recorded_at, head.leaf_hash, head.read_only,
                   case when s.events > 0 then e_recorded_at[s.first] end as begins,
                   case when s.events > 0 then e_recorded_at[s.first + s.events - 1] end as ends
              from (select c_tenant[command] as tenant, s.*
                      from unnest(s_command, s_id, s_base, s_base_leaf, s_from, s_count)
                           with ordinality s (command, id, base, base_leaf, first, events, place)
                     order by tenant, id, place) s
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
                        or base_leaf <> lag(
                           case when events > 0 then e_leaf_hash[first + events - 1]
                                else base_leaf end,
                           1, coalesce(leaf_hash, decode(repeat('00', 32), 'hex'))) over chain
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
    if cardinality(fell) > 0 then
        if exists (select from unnest(fell) where status = 'shared') then
            raise exception 'a command over several streams shares none of them with another'
                using errcode = 'invalid_parameter_value';
        end if;
        fallen := fallen || fell;
        standing := es.standing(standing, fell);
    end if;
    if not true = any (standing) then
        return query select * from unnest(fallen);
        return;
    end if;

    -- 3. New streams, claims, commands, then the streams that were there (locked since step 1).
    select array_agg(tenant), array_agg(id), array_agg(category), array_agg(case_id),
           array_agg(base), array_agg(version), array_agg(recorded_at), array_agg(leaf_hash)
      into h_tenant, h_id, h_category, h_case, h_base, h_version, h_recorded_at, h_leaf_hash
      from (select distinct on (tenant, id)
                   tenant, id, category,
                   first_value(case_id) over chain as case_id,
                   first_value(base) over chain as base,
                   base + events as version,
                   e_recorded_at[first + events - 1] as recorded_at,
                   e_leaf_hash[first + events - 1] as leaf_hash
              from (select c_tenant[command] as tenant, s.*
                      from unnest(s_command, s_id, s_category, s_case, s_base, s_from, s_count)
                           with ordinality
                           s (command, id, category, case_id, base, first, events, place)
                     where standing[command] and events > 0) s
            window chain as (partition by tenant, id order by place)
             order by tenant, id, place desc) head;
    if 0 = any (h_base) then
        insert into es.streams
               (tenant, stream_id, category, version, recorded_at, leaf_hash, case_id)
        select tenant, id, category, version, recorded_at, leaf_hash, case_id
          from unnest(h_tenant, h_id, h_category, h_case, h_base, h_version, h_recorded_at,
                      h_leaf_hash)
               h (tenant, id, category, case_id, base, version, recorded_at, leaf_hash)
         where base = 0
         order by tenant, id;
    end if;
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
    insert into es.commands (tenant, command_id, outcome, streams, versions)
    select tenant, id, outcome, s_id[first:last],
           array(select s_base[place] + s_count[place] from generate_series(first, last) place)
      from unnest(c_tenant, c_id, c_outcome, c_from, c_to, standing)
           c (tenant, id, outcome, first, last, stands)
     where stands
     order by tenant, id;
    if 0 < any (h_base) then
        -- Every row is there and locked. Said as an upsert because that always goes by the key:
        -- how a join is done is chosen from the size the table had when it was first planned.
        insert into es.streams as s
               (tenant, stream_id, category, version, recorded_at, leaf_hash)
        select tenant, id, category, version, recorded_at, leaf_hash
          from unnest(h_tenant, h_id, h_category, h_base, h_version, h_recorded_at, h_leaf_hash)
               h (tenant, id, category, base, version, recorded_at, leaf_hash)
         where base > 0
            on conflict (tenant, stream_id) do update
           set version = excluded.version,
               recorded_at = excluded.recorded_at,
               leaf_hash = excluded.leaf_hash;
    end if;

    if cardinality(h_id) > 0 then
        -- 4. From here on readers wait for this transaction, so it has little left to do.
        perform es.register_fence();
        -- 5. A position whose command fell is a hole, which readers need not mind.
        drawn := array(
            select nextval('es.position_seq') from generate_subscripts(e_stream, 1));
        insert into es.events
               (position, tenant, stream_id, version, event_id, command_id, type, schema_version,
                occurred_at, occurred_precision, recorded_at, payload, sealed, metadata, blinding,
                leaf_hash)
        select drawn[e.place], c_tenant[s_command[e.stream]], s_id[e.stream],
               s_base[e.stream] + e.place - s_from[e.stream] + 1, e.id,
               c_id[s_command[e.stream]], e.type, e.schema_version, e.occurred_at,
               e.occurred_precision, e.recorded_at, e.payload, e.sealed, e.metadata, e.blinding,
               e.leaf_hash
          from unnest(e_stream, e_id, e_type, e_schema_version, e_occurred_at,
                      e_occurred_precision, e_recorded_at, e_payload, e_sealed, e_metadata,
                      e_blinding, e_leaf_hash)
               with ordinality
               e (stream, id, type, schema_version, occurred_at, occurred_precision, recorded_at,
                  payload, sealed, metadata, blinding, leaf_hash, place)
         where standing[s_command[e.stream]]
         order by e.place;
    end if;

    return query
        select * from unnest(fallen)
        union all
        select place::integer, 'appended', null::uuid, null::integer, null::integer,
               case when first <= last then drawn[s_from[last] + s_count[last] - 1] else 0 end,
               null::text, null::uuid[], null::integer[], null::timestamptz
          from unnest(c_from, c_to, standing) with ordinality c (first, last, stands, place)
         where stands;
end $$;
