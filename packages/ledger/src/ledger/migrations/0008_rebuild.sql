-- Rebuild of a read model beside the live one. The owner makes and switches tables; the worker fills
-- them, as COPY before the policy is there (PostgreSQL refuses COPY FROM under row level security).

create schema if not exists rebuild;
do $$ begin execute format('grant usage on schema rebuild to %I', es.role_of('worker')); end $$;

-- Where the table that is to take the place of a live one stands meanwhile.
create function es.beside(live regclass) returns text
language sql stable
return 'rebuild.' || quote_ident((select relname from pg_class where oid = live));

-- Make an empty table like a live one, for the worker alone.
create function es.begin_rebuild(live regclass) returns void
language plpgsql
as $$
begin
    execute format('drop table if exists %s', es.beside(live));
    execute format('create table %s (like %s including all)', es.beside(live), live);
    perform es.allow('worker', 'select, insert, update, delete', es.beside(live)::regclass);
end $$;

-- Put the new table in the place of the live one, which is dropped.
create function es.switch_in(live regclass) returns void
language plpgsql
as $$
declare
    made text := es.beside(live);
    place text := (select relnamespace::regnamespace::text from pg_class where oid = live);
begin
    execute format('drop table %s', live);
    execute format('alter table %s set schema %s', made, place);
end $$;

-- Let go of what a rebuild made, where it is not wanted after all.
create function es.end_rebuild(live regclass) returns void
language plpgsql
as $$
begin
    execute format('drop table if exists %s', es.beside(live));
end $$;
