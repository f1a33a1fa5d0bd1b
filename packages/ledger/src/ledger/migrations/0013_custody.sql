-- Custody: when a case has passed to another authority, every stream of it here is read-only, and no
-- new one begins. It is set in the append of the event that passes it, and taken back in the append
-- by which the case returns.
--
-- Who passes a case on locks it alone, who begins a stream of it shares that lock; both before any
-- row is locked, so that nobody who holds rows ever waits for it. So a stream is begun before, and
-- is found and set, or after, and is refused. Streams that are there are locked row by row, as in
-- every append.

-- By it all streams of a case are found. What it holds of a row never changes with a version, so
-- that a version's update stays within its page (heap-only).
create index streams_of_case on es.streams (tenant, case_id, read_only) where case_id is not null;

-- Streams about the record rather than of it: who reads a record that was passed on is recorded too.
create function es.about_the_record(category text) returns boolean
language sql immutable
return category in ('access', 'operations');

-- Two numbers, where the fences of the feed are one: those who read the feed do not see these.
create function es.case_lock(tenant uuid, case_id uuid) returns integer
language sql immutable
return hashtext(tenant::text || case_id::text);

-- 0. The commands that would begin a stream of a case that has passed on.
create function es.begun_too_late(
    c_tenant uuid[], s_command integer[], s_id uuid[], s_category text[], s_case uuid[],
    s_base integer[], s_count integer[], standing boolean[]
) returns es.answer[]
language plpgsql volatile
as $$
begin
    perform pg_advisory_xact_lock_shared(29547, each)
       from (select distinct es.case_lock(c_tenant[s.command], s.case_id) as each
               from unnest(s_command, s_category, s_case, s_base, s_count)
                    s (command, category, case_id, base, events)
              where s.case_id is not null and s.base = 0 and s.events > 0
                and standing[s.command] and not es.about_the_record(s.category)
              order by 1) locks;
    -- A statement of its own: it sees what was committed while the lock was waited for.
    return array(
        select distinct on (s.command)
               row (s.command, 'read_only', s.id, 0, null, null, null, null, null, null)::es.answer
          from unnest(s_command, s_id, s_category, s_case, s_base, s_count) with ordinality
               s (command, id, category, case_id, base, events, place)
         cross join lateral (
               select from es.streams t
                where t.tenant = c_tenant[s.command] and t.case_id = s.case_id and t.read_only
                limit 1) gone
         where s.base = 0 and s.events > 0
           and standing[s.command] and not es.about_the_record(s.category)
         order by s.command, s.place);
end $$;

-- es.append as before (0005), and the new streams of cases looked at in step 0.
create or replace function es.append(
    scopes text[], chained boolean,
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
declare
    store_now timestamptz := es.now();
    standing boolean[];
    fallen es.answer[];
    fell es.answer[];
    heads es.head[];
    drawn bigint[];
begin
    -- The wall between authorities: a command acts within its caller's scope; then row level
    -- security checks each row against the batch's tenants.
    standing := array(
        select tenant = any (scopes[scope]::uuid[])
          from unnest(c_tenant, c_scope) with ordinality c (tenant, scope, place)
         order by place);
    if false = any (standing) then
        fallen := array(
            select row (place, 'out_of_scope', null, null, null, null, null, null, null, null)
                   ::es.answer
              from unnest(standing) with ordinality c (inside, place)
             where not inside);
        if not true = any (standing) then
            return query select * from unnest(fallen);
            return;
        end if;
    end if;
    perform set_config('app.tenants', (
        select string_agg(distinct tenant::text, ',')
          from unnest(c_tenant, standing) c (tenant, inside)
         where inside), true);

    -- 0.
    if exists (
        select from unnest(c_tenant, c_id) c (tenant, id)
         cross join lateral (
               select from es.commands k
                where k.tenant = c.tenant and k.command_id = c.id limit 1) k)
    then
        fell := es.accepted_before(c_tenant, c_id, standing);
        fallen := fallen || fell;
        standing := es.standing(standing, fell);
    end if;
    if cardinality(t_stream) > 0 then
        fell := es.taken_by_others(c_tenant, s_command, s_id, t_stream, t_kind, t_value,
                                   r_stream, r_kind, r_value, standing);
        fallen := fallen || fell;
        standing := es.standing(standing, fell);
    end if;
    if 0 = any (s_base) and exists (select from unnest(s_case) each where each is not null) then
        fell := es.begun_too_late(c_tenant, s_command, s_id, s_category, s_case, s_base, s_count,
                                  standing);
        if cardinality(fell) > 0 then
            fallen := fallen || fell;
            standing := es.standing(standing, fell);
        end if;
    end if;

    -- 1. and 2.
    if chained then
        fell := es.judged(c_tenant, s_command, s_id, s_base, s_base_leaf, s_from, s_count,
                          e_recorded_at, e_leaf_hash, standing, store_now);
    else
        fell := es.judged_apart(c_tenant, s_command, s_id, s_base, s_base_leaf, s_from, s_count,
                                e_recorded_at, standing, store_now);
    end if;
    if cardinality(fell) > 0 then
        if exists (select from unnest(fell) where status = 'shared') then
            raise exception 'a command over several streams shares none of them with another'
                using errcode = 'invalid_parameter_value';
        end if;
        fallen := fallen || fell;
        standing := es.standing(standing, fell);
    end if;

    if true = any (standing) then
        -- 3. New streams, claims, commands, then the streams that were there (locked since 1.).
        heads := es.heads_after(c_tenant, s_command, s_id, s_category, s_case, s_base, s_from,
                                s_count, e_recorded_at, e_leaf_hash, standing);
        if 0 = any (s_base) then
            insert into es.streams
                   (tenant, stream_id, category, version, recorded_at, leaf_hash, case_id)
            select tenant, stream_id, category, version, recorded_at, leaf_hash, case_id
              from unnest(heads)
             where base = 0
             order by tenant, stream_id;
        end if;
        if cardinality(t_stream) + cardinality(r_stream) > 0 then
            perform es.change_claims(c_tenant, s_command, s_id, t_stream, t_kind, t_value,
                                     r_stream, r_kind, r_value, standing);
        end if;
        insert into es.commands (tenant, command_id, outcome, streams, versions)
        select tenant, id, outcome, s_id[first:last],
               case when first = last then array[s_base[first] + s_count[first]]
                    else array(select s_base[s] + s_count[s] from generate_series(first, last) s)
               end
          from unnest(c_tenant, c_id, c_outcome, c_from, c_to, standing)
               c (tenant, id, outcome, first, last, stands)
         where stands
         order by tenant, id;
        if 0 < any (s_base) then
            perform es.move_streams(heads);
        end if;
    end if;

    if cardinality(heads) > 0 then
        -- 4. From here on readers wait for this transaction, so it has little left to do.
        perform es.register_fence();
        -- 5. A position whose command fell is a hole, which readers need not mind.
        drawn := array(
            select nextval('es.position_seq') from generate_subscripts(e_stream, 1));
        insert into es.events
               (position, tenant, stream_id, version, event_id, command_id, type, schema_version,
                occurred_at, occurred_precision, recorded_at, payload, sealed, metadata, blinding,
                leaf_hash)
        select drawn[place], c_tenant[s_command[stream]], s_id[stream],
               s_base[stream] + place - s_from[stream] + 1, id, c_id[s_command[stream]], type,
               schema_version, occurred_at, occurred_precision, recorded_at, payload, sealed,
               metadata, blinding, leaf_hash
          from unnest(e_stream, e_id, e_type, e_schema_version, e_occurred_at,
                      e_occurred_precision, e_recorded_at, e_payload, e_sealed, e_metadata,
                      e_blinding, e_leaf_hash)
               with ordinality
               e (stream, id, type, schema_version, occurred_at, occurred_precision, recorded_at,
                  payload, sealed, metadata, blinding, leaf_hash, place)
         where standing[s_command[stream]]
         order by place;
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

-- es.append_alone as before (0010), likewise.
create or replace function es.append_alone(
    scope text, id uuid, tenant uuid, outcome text,
    stream uuid, category text, case_id uuid, base integer, base_leaf bytea,
    e_id uuid[], e_type text[], e_schema_version integer[],
    e_occurred_at timestamptz[], e_occurred_precision text[], e_recorded_at timestamptz[],
    e_payload bytea[], e_sealed bytea[], e_metadata bytea[], e_blinding bytea[],
    e_leaf_hash bytea[]
) returns es.answer
language plpgsql volatile
as $$
#variable_conflict use_variable
declare
    store_now timestamptz;
    head record;
    stands_at integer;
    last constant integer := cardinality(e_id);
    drawn bigint;
begin
    if not tenant = any (scope::uuid[]) then
        return row (1, 'out_of_scope', null, null, null, null, null, null, null, null)::es.answer;
    end if;
    perform set_config('app.tenants', tenant::text, true);

    -- 0.
    if exists (select from es.commands k where k.tenant = tenant and k.command_id = id) then
        return (es.accepted_before(array[tenant], array[id], array[true]))[1];
    end if;
    if base = 0 and case_id is not null and not es.about_the_record(category) then
        perform pg_advisory_xact_lock_shared(29547, es.case_lock(tenant, case_id));
        perform from es.streams t
          where t.tenant = tenant and t.case_id = case_id and t.read_only limit 1;
        if found then
            return row (1, 'read_only', stream, 0, null, null, null, null, null, null)::es.answer;
        end if;
    end if;

    -- 1. and 2.
    select s.ctid as place, s.version, s.recorded_at, s.leaf_hash, s.read_only
      into head
      from es.streams s
     where s.tenant = tenant and s.stream_id = stream
       for update;
    store_now := es.now();
    stands_at := coalesce(head.version, 0);
    if head.read_only then
        return row (1, 'read_only', stream, stands_at, null, null, null, null, null, store_now)
               ::es.answer;
    elsif base <> stands_at
          or base_leaf <> coalesce(head.leaf_hash, decode(repeat('00', 32), 'hex')) then
        return row (1, 'conflict', stream, stands_at, null, null, null, null, null, store_now)
               ::es.answer;
    elsif e_recorded_at[1] < head.recorded_at
          or e_recorded_at[1] < store_now - interval '5 s'
          or e_recorded_at[last] > store_now + interval '5 s' then
        return row (1, 'clock', stream, stands_at, null, null, null, null, null, store_now)
               ::es.answer;
    end if;

    -- 3.
    if head.version is null then
        insert into es.streams
               (tenant, stream_id, category, version, recorded_at, leaf_hash, case_id)
        values (tenant, stream, category, last, e_recorded_at[last], e_leaf_hash[last], case_id);
    end if;
    insert into es.commands (tenant, command_id, outcome, streams, versions)
    values (tenant, id, outcome, array[stream], array[base + last]);
    if head.version is not null then
        -- By where it lies: it is locked, so it lies there still.
        update es.streams s
           set version = base + last, recorded_at = e_recorded_at[last],
               leaf_hash = e_leaf_hash[last]
         where s.ctid = head.place;
    end if;

    -- 4. and 5.
    perform es.register_fence();
    insert into es.events
           (position, tenant, stream_id, version, event_id, command_id, type, schema_version,
            occurred_at, occurred_precision, recorded_at, payload, sealed, metadata, blinding,
            leaf_hash)
    select nextval('es.position_seq'), tenant, stream, base + e.place, e.id, id, e.type,
           e.schema_version, e.occurred_at, e.occurred_precision, e.recorded_at, e.payload,
           e.sealed, e.metadata, e.blinding, e.leaf_hash
      from unnest(e_id, e_type, e_schema_version, e_occurred_at, e_occurred_precision,
                  e_recorded_at, e_payload, e_sealed, e_metadata, e_blinding, e_leaf_hash)
           with ordinality
           e (id, type, schema_version, occurred_at, occurred_precision, recorded_at,
              payload, sealed, metadata, blinding, leaf_hash, place)
     order by e.place;
    drawn := currval('es.position_seq');
    return row (1, 'appended', null, null, null, drawn, null, null, null, null)::es.answer;
end $$;
