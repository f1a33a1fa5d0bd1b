-- Who may see what: the scope of a transaction, the clock, and how a table is protected.
--
-- A database `<name>` has three roles, made with it, none of which bypasses row level security:
-- `<name>_owner` runs this file, `<name>_handler` answers requests, `<name>_worker` does the rest.

create schema if not exists es;

-- The role of this database that is named by what it does.
create function es.role_of(duty text) returns text
language sql stable
return current_database() || '_' || duty;

do $$
begin
    if to_regrole(quote_ident(es.role_of('handler'))) is null
       or to_regrole(quote_ident(es.role_of('worker'))) is null then
        raise exception 'the roles % and % are made before the first migration',
            es.role_of('handler'), es.role_of('worker');
    end if;
end $$;

-- The authorities of this transaction, from the setting `app.tenants` ("uuid,uuid").
-- It raises where a plain policy would return no rows: silence would pass for "there is nothing".
create function es.scope() returns uuid[]
language plpgsql stable parallel safe
as $$
declare
    tenants text := current_setting('app.tenants', true);
begin
    if tenants is null or trim(tenants, '{} ') = '' then
        raise exception 'no authority is in scope: app.tenants is not set in this transaction'
            using errcode = 'insufficient_privilege';
    end if;
    return string_to_array(trim(tenants, '{} '), ',')::uuid[];
end $$;

create function es.allow(duty text, privileges text, what regclass) returns void
language plpgsql
as $$
begin
    execute format('grant %s on %s to %I', privileges, what, es.role_of(duty));
end $$;

-- Let a role into a schema and into each sequence or function that needs no more than that.
create function es.admit(what regnamespace) returns void
language plpgsql
as $$
begin
    execute format('grant usage on schema %s to %I, %I',
        what, es.role_of('handler'), es.role_of('worker'));
end $$;

-- Force row level security: a handler sees the rows of its scope, a worker sees all.
-- The scope stands in a subquery so that it is worked out once a statement, not once a row.
create function es.guard(what regclass) returns void
language plpgsql
as $$
begin
    execute format('alter table %s enable row level security', what);
    execute format('alter table %s force row level security', what);
    execute format(
        'create policy handler on %s to %I using (tenant = any ((select es.scope())::uuid[]))'
        ' with check (tenant = any ((select es.scope())::uuid[]))',
        what, es.role_of('handler'));
    execute format('create policy worker on %s to %I using (true) with check (true)',
        what, es.role_of('worker'));
end $$;

-- Protect a read model: requests read it within their scope, projections write it.
create function es.protect(what regclass) returns void
language plpgsql
as $$
begin
    perform es.guard(what);
    perform es.admit((select relnamespace::regnamespace from pg_class where oid = what));
    perform es.allow('handler', 'select', what);
    perform es.allow('worker', 'select, insert, update, delete', what);
end $$;

select es.admit('es');

-- The clock that rules recorded_at, deadlines and the domain's time limits. Leases, retries and
-- time-outs go by real time. A simulated clock stands still until it is moved, and only forward.
create table es.clock (
    one boolean primary key default true check (one),
    mode text not null check (mode in ('system', 'simulated')),
    at timestamptz,
    check ((mode = 'simulated') = (at is not null))
);
insert into es.clock (mode) values ('system');
select es.allow('handler', 'select', 'es.clock');
select es.allow('worker', 'select, update', 'es.clock');

create function es.only_forward() returns trigger
language plpgsql
as $$
begin
    if new.at < old.at then
        raise exception 'the clock moves only forward: it stands at %', old.at
            using errcode = 'check_violation';
    end if;
    return new;
end $$;

create trigger only_forward before update on es.clock
    for each row execute function es.only_forward();

create function es.now() returns timestamptz
language sql volatile
as $$
    select case mode when 'simulated' then at else clock_timestamp() end from es.clock
$$;
