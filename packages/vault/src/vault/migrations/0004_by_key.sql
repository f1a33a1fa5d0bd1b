-- Each name is found by its key, one after the other (lateral), whatever the planner believes of the
-- tables: as joins, on plans made while the keyring was empty, every question read all keys there are.

-- Answers each name by its place in the arrays: a key, or why there is none.
create or replace function keyring.find(in_tenants uuid[], in_subjects uuid[], in_blocks text[])
returns table (place bigint, answer text, key_id uuid, authority_version integer, wrapped bytea)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    perform set_config(
        'app.tenants', array(select distinct t from unnest(in_tenants) as t)::text, true);
    return query
        select w.place,
               case
                   when w.block <> all ((select keyring.powers())::text[]) then 'not-granted'
                   when s.shredded_at is not null then 'shredded'
                   when d.key_id is null then 'absent'
                   else 'key'
               end,
               d.key_id, d.authority_version, d.wrapped
          from unnest(in_tenants, in_subjects, in_blocks)
               with ordinality as w (tenant, subject, block, place)
          left join lateral (
               select * from keyring.subjects s
                where s.tenant = w.tenant and s.subject = w.subject limit 1) s on true
          left join lateral (
               select * from keyring.data_keys d
                where d.tenant = w.tenant and d.subject = w.subject and d.block = w.block
                limit 1) d on true
         order by w.place;
end
$$;

create or replace function keyring.offer(
    in_tenants uuid[], in_subjects uuid[], in_blocks text[],
    in_key_ids uuid[], in_versions integer[], in_wrapped bytea[])
returns table (place bigint, answer text, key_id uuid, authority_version integer, wrapped bytea)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    perform set_config(
        'app.tenants', array(select distinct t from unnest(in_tenants) as t)::text, true);
    -- What is there already costs no lock and no write.
    if cardinality(in_tenants) = (
        select count(*)
          from unnest(in_tenants, in_subjects, in_blocks) as w (tenant, subject, block)
         cross join lateral (
               select from keyring.data_keys d
                where d.tenant = w.tenant and d.subject = w.subject and d.block = w.block
                limit 1) d)
    then
        return query select * from keyring.find(in_tenants, in_subjects, in_blocks);
        return;
    end if;
    insert into keyring.subjects (tenant, subject)
    select distinct tenant, subject
      from unnest(in_tenants, in_subjects) as w (tenant, subject)
     order by tenant, subject
    on conflict (tenant, subject) do nothing;
    -- A shred under way is waited for; one that comes later waits for us and deletes our keys too.
    perform 1
       from (select distinct tenant, subject
               from unnest(in_tenants, in_subjects) as u (tenant, subject)
              order by tenant, subject) w
      cross join lateral (
            select from keyring.subjects s
             where s.tenant = w.tenant and s.subject = w.subject
               for share) s;
    insert into keyring.data_keys (tenant, subject, block, key_id, authority_version, wrapped)
    select w.tenant, w.subject, w.block, w.key_id, w.authority_version, w.wrapped
      from unnest(in_tenants, in_subjects, in_blocks, in_key_ids, in_versions, in_wrapped)
           as w (tenant, subject, block, key_id, authority_version, wrapped)
     cross join lateral (
           select * from keyring.subjects s
            where s.tenant = w.tenant and s.subject = w.subject limit 1) s
     where s.shredded_at is null
       and w.block = any ((select keyring.powers())::text[])
     order by w.tenant, w.subject, w.block
    on conflict (tenant, subject, block) do nothing;
    return query select * from keyring.find(in_tenants, in_subjects, in_blocks);
end
$$;
