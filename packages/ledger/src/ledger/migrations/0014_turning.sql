-- The streams of a case in an authority's record, found by their index: in no order, since that of the
-- key would seem cheaper to read in while the table is small.
create function es.held_of(whose uuid, of_case uuid) returns uuid[]
language plpgsql volatile
as $$
begin
    return array(
        select t.stream_id from es.streams t where t.tenant = whose and t.case_id = of_case);
end $$;

-- es.append of one command that passes a case on, or by which it returns: `turn` is 'passes' or
-- 'returns'. Nothing turns where the command is not appended.
create function es.append_turning(
    turn text, turned uuid,
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
    whose constant uuid := c_tenant[1];
    answers es.answer[];
    held uuid[];
    freed uuid[] := '{}';
begin
    if whose = any (scopes[c_scope[1]]::uuid[]) then
        perform set_config('app.tenants', whose::text, true);
        perform pg_advisory_xact_lock(29547, es.case_lock(whose, turned));
        -- All that the append and the turning touch, in the one order in which rows are locked.
        held := es.held_of(whose, turned);
        perform from es.streams t
          where t.tenant = whose and t.stream_id = any (s_id || held)
          order by t.tenant, t.stream_id
            for update;
        if turn = 'returns' then
            freed := array(
                select t.stream_id from es.streams t
                 where t.tenant = whose and t.stream_id = any (held) and t.read_only);
            update es.streams t set read_only = false
             where t.tenant = whose and t.stream_id = any (freed);
        end if;
    end if;
    answers := array(
        select a from es.append(
            scopes, chained, c_id, c_tenant, c_scope, c_outcome, c_from,
            c_to, s_command, s_id, s_category, s_case, s_base, s_base_leaf,
            s_from, s_count, t_stream, t_kind, t_value, r_stream, r_kind,
            r_value, e_stream, e_id, e_type, e_schema_version,
            e_occurred_at, e_occurred_precision, e_recorded_at, e_payload,
            e_sealed, e_metadata, e_blinding, e_leaf_hash) a);
    if answers[1].status <> 'appended' then
        if cardinality(freed) > 0 then
            update es.streams t set read_only = true
             where t.tenant = whose and t.stream_id = any (freed);
        end if;
    elsif turn = 'passes' then
        held := es.held_of(whose, turned);
        update es.streams t set read_only = true
         where t.tenant = whose and t.stream_id = any (held)
           and not es.about_the_record(t.category);
    end if;
    return query select * from unnest(answers);
end $$;

-- All streams of a case in an authority's record, in the order of their ids.
create function es.of_case(tenant uuid, case_id uuid)
returns table (stream_id uuid, category text)
language plpgsql volatile
as $$
#variable_conflict use_variable
declare
    held uuid[];
begin
    perform set_config('app.tenants', tenant::text, true);
    held := es.held_of(tenant, case_id);
    return query
        select t.stream_id, t.category from es.streams t
         where t.tenant = tenant and t.stream_id = any (held)
         order by t.stream_id;
end $$;
