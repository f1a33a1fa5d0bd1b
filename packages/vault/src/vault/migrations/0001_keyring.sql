-- The keyring: wrapped keys, and nothing that could unwrap them.
--
-- Applied by the owner of the database. The vault of each service logs in as a role of its own
-- (referrals_vault, casework_vault, groups_vault, notifications_vault), sees only the authorities
-- that its statement sets in scope and only the blocks that it is granted, and can change nothing
-- that is there. A subject's keys are deleted by keyring.delete_subject alone.

create schema keyring;

-- Raises rather than answer nothing: a forgotten scope must not look like an empty keyring.
create function keyring.scope() returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    given constant text := current_setting('app.tenants', true);
begin
    if given is null or given = '' then
        raise exception 'no authority is in scope' using errcode = 'insufficient_privilege';
    end if;
    return given::uuid[];
end
$$;

create function keyring.forbid() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception '% of keyring.% is forbidden', tg_op, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

-- Which service may use which blocks, make blind indexes, shred. Changed by migrations only.
create table keyring.grants (
    role text not null,
    power text not null check (power in (
        'identity', 'address', 'contact', 'health', 'narrative', 'birth-family',
        'pre-adoption-link', '(index)', '(shred)')),
    primary key (role, power)
);

create table keyring.authority_keys (
    tenant uuid not null,
    version integer not null check (version > 0),
    key_id uuid not null unique,
    wrapped bytea not null check (octet_length(wrapped) between 40 and 4096),
    made_at timestamptz not null default clock_timestamp(),
    primary key (tenant, version)
);

-- One row for each subject that ever had a key. `locked` holds nothing: the right to update it is
-- what lets a service take a row lock, by which making a key and shredding exclude each other.
create table keyring.subjects (
    tenant uuid not null,
    subject uuid not null,
    shredded_at timestamptz,
    locked boolean,
    primary key (tenant, subject)
);

create table keyring.data_keys (
    tenant uuid not null,
    subject uuid not null,
    block text not null,
    key_id uuid not null unique,
    authority_version integer not null,
    wrapped bytea not null check (octet_length(wrapped) = 40),
    made_at timestamptz not null default clock_timestamp(),
    primary key (tenant, subject, block)
);

create table keyring.index_keys (
    tenant uuid not null,
    kind text not null check (kind ~ '^[a-z][a-z0-9-]{0,40}$'),
    key_id uuid not null unique,
    authority_version integer not null,
    wrapped bytea not null check (octet_length(wrapped) = 40),
    made_at timestamptz not null default clock_timestamp(),
    primary key (tenant, kind)
);

-- The powers of whoever runs the statement; evaluated once, as (select keyring.powers()).
create function keyring.powers() returns text[]
language sql stable set search_path = pg_catalog, pg_temp
return (select coalesce(array_agg(power), '{}') from keyring.grants where role = current_user);

create function keyring.never_unshred() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.shredded_at is not null and new.shredded_at is distinct from old.shredded_at
        or (new.tenant, new.subject) is distinct from (old.tenant, old.subject) then
        raise exception 'a shred is final' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;

create trigger append_only before update or delete or truncate on keyring.authority_keys
    for each statement execute function keyring.forbid();
create trigger append_only before update or delete or truncate on keyring.index_keys
    for each statement execute function keyring.forbid();
create trigger never_changed before update or truncate on keyring.data_keys
    for each statement execute function keyring.forbid();
create trigger never_deleted before delete or truncate on keyring.subjects
    for each statement execute function keyring.forbid();
create trigger never_unshredded before update on keyring.subjects
    for each row execute function keyring.never_unshred();

alter table keyring.grants enable row level security, force row level security;
alter table keyring.authority_keys enable row level security, force row level security;
alter table keyring.subjects enable row level security, force row level security;
alter table keyring.data_keys enable row level security, force row level security;
alter table keyring.index_keys enable row level security, force row level security;

create policy own on keyring.grants for select using (role = current_user);
create policy owner on keyring.grants to current_user using (true) with check (true);

-- The owner too sees only the authorities in scope; its functions need no more.
create policy in_scope on keyring.authority_keys
    using (tenant = any ((select keyring.scope())::uuid[]));
create policy in_scope on keyring.subjects
    using (tenant = any ((select keyring.scope())::uuid[]));
create policy in_scope on keyring.data_keys
    to referrals_vault, casework_vault, groups_vault, notifications_vault
    using (
        tenant = any ((select keyring.scope())::uuid[])
        and block = any ((select keyring.powers())::text[]));
create policy owner on keyring.data_keys
    to current_user using (tenant = any ((select keyring.scope())::uuid[]));
create policy in_scope on keyring.index_keys
    using (
        tenant = any ((select keyring.scope())::uuid[])
        and '(index)' = any ((select keyring.powers())::text[]));

revoke all on all functions in schema keyring from public;
grant usage on schema keyring
    to referrals_vault, casework_vault, groups_vault, notifications_vault;
grant execute on function keyring.scope(), keyring.powers()
    to referrals_vault, casework_vault, groups_vault, notifications_vault;
grant select on keyring.grants
    to referrals_vault, casework_vault, groups_vault, notifications_vault;
grant select, insert on keyring.authority_keys, keyring.data_keys, keyring.index_keys
    to referrals_vault, casework_vault, groups_vault, notifications_vault;
grant select, insert (tenant, subject), update (locked) on keyring.subjects
    to referrals_vault, casework_vault, groups_vault, notifications_vault;
