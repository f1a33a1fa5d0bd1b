-- What a service's vault calls: one statement each, which sets its own scope. They run with the
-- caller's rights, so row level security checks every row they touch; keyring.delete_subject alone runs with
-- the owner's, since it takes away blocks that the caller is not granted.

create function keyring.authority_keys(in_tenant uuid)
returns table (version integer, key_id uuid, wrapped bytea)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    perform set_config('app.tenants', array[in_tenant]::text, true);
    return query
        select a.version, a.key_id, a.wrapped
          from keyring.authority_keys a
         where a.tenant = in_tenant
         order by a.version;
end
$$;

create function keyring.offer_authority_key(
    in_tenant uuid, in_version integer, in_key_id uuid, in_wrapped bytea)
returns table (version integer, key_id uuid, wrapped bytea)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    perform set_config('app.tenants', array[in_tenant]::text, true);
    insert into keyring.authority_keys (tenant, version, key_id, wrapped)
    values (in_tenant, in_version, in_key_id, in_wrapped)
    on conflict (tenant, version) do nothing;
    -- A statement of its own: it sees the row that another process committed meanwhile.
    return query select * from keyring.authority_keys(in_tenant);
end
$$;

-- Answers each name by its place in the arrays: a key, or why there is none.
create function keyring.find(in_tenants uuid[], in_subjects uuid[], in_blocks text[])
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
          left join keyring.subjects s on s.tenant = w.tenant and s.subject = w.subject
          left join keyring.data_keys d
            on d.tenant = w.tenant and d.subject = w.subject and d.block = w.block
         order by w.place;
end
$$;

create function keyring.offer(
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
          join keyring.data_keys d
            on d.tenant = w.tenant and d.subject = w.subject and d.block = w.block)
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
       from keyring.subjects s
       join (select distinct tenant, subject
               from unnest(in_tenants, in_subjects) as u (tenant, subject)) w
         on s.tenant = w.tenant and s.subject = w.subject
      order by s.tenant, s.subject
        for share of s;
    insert into keyring.data_keys (tenant, subject, block, key_id, authority_version, wrapped)
    select w.tenant, w.subject, w.block, w.key_id, w.authority_version, w.wrapped
      from unnest(in_tenants, in_subjects, in_blocks, in_key_ids, in_versions, in_wrapped)
           as w (tenant, subject, block, key_id, authority_version, wrapped)
      join keyring.subjects s on s.tenant = w.tenant and s.subject = w.subject
     where s.shredded_at is null
       and w.block = any ((select keyring.powers())::text[])
     order by w.tenant, w.subject, w.block
    on conflict (tenant, subject, block) do nothing;
    return query select * from keyring.find(in_tenants, in_subjects, in_blocks);
end
$$;

-- No row: this service may not make blind indexes.
create function keyring.offer_index_key(
    in_tenant uuid, in_kind text, in_key_id uuid, in_version integer, in_wrapped bytea)
returns table (key_id uuid, authority_version integer, wrapped bytea)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    perform set_config('app.tenants', array[in_tenant]::text, true);
    insert into keyring.index_keys (tenant, kind, key_id, authority_version, wrapped)
    select in_tenant, in_kind, in_key_id, in_version, in_wrapped
     where '(index)' = any ((select keyring.powers())::text[])
       and not exists (
           select 1 from keyring.index_keys where tenant = in_tenant and kind = in_kind)
    on conflict (tenant, kind) do nothing;
    return query
        select i.key_id, i.authority_version, i.wrapped
          from keyring.index_keys i
         where i.tenant = in_tenant and i.kind = in_kind;
end
$$;

-- Deletes every key of one subject, for ever. The power is asked of who logged in (session_user):
-- inside, current_user is the owner.
create function keyring.delete_subject(in_tenant uuid, in_subject uuid)
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    deleted integer;
begin
    if not exists (
        select 1 from keyring.grants where role = session_user and power = '(shred)') then
        raise exception 'this service may not shred' using errcode = 'insufficient_privilege';
    end if;
    perform set_config('app.tenants', array[in_tenant]::text, true);
    insert into keyring.subjects (tenant, subject) values (in_tenant, in_subject)
    on conflict (tenant, subject) do nothing;
    -- Waits for whoever is making a key for the subject, so that the next statement sees it.
    update keyring.subjects
       set shredded_at = coalesce(shredded_at, clock_timestamp())
     where tenant = in_tenant and subject = in_subject;
    delete from keyring.data_keys where tenant = in_tenant and subject = in_subject;
    get diagnostics deleted = row_count;
    return deleted;
end
$$;

revoke all on all functions in schema keyring from public;
grant execute on function
    keyring.authority_keys, keyring.offer_authority_key, keyring.find, keyring.offer,
    keyring.offer_index_key, keyring.delete_subject
    to referrals_vault, casework_vault, groups_vault, notifications_vault;
