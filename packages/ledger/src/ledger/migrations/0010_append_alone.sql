-- Append of a batch of one: a command with events on one stream that takes and releases no claim.
--
-- The same steps in the same order as es.append, a row each instead of a set each: what a batch
-- costs before its first row is most of what a lone command would wait for.
create function es.append_alone(
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
