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
--
-- Arrays that begin with c_ have one element a command, s_ a stream of a command, t_ a claim taken,
-- r_ a claim released, e_ an event; places are counted from 1.
--   scopes        the distinct scopes of the callers, each "{uuid,uuid}"; c_scope is a place in it
--   chained       whether a stream stands more than once in the batch
--   c_from, c_to  which s_ rows of the command have events (c_to < c_from: none)
--   s_base        the version that the decision was made on; s_base_leaf that version's leaf hash
--   s_from        the first event's place; s_count their number (0: the version is only checked)
--   standing      which commands have not fallen so far, by place
-- The events of a stream of a command stand together, streams in the order of the s_ rows.
create function es.append(
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
