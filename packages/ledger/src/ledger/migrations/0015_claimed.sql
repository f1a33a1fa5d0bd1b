-- Which values of a kind are claimed, at most so many: one exchange with the store, as es.look.
create function es.claimed(tenant uuid, kind text, most integer) returns setof text
language plpgsql volatile
as $$
#variable_conflict use_variable
begin
    perform set_config('app.tenants', tenant::text, true);
    return query
        select c.value from es.claims c where c.tenant = tenant and c.kind = kind limit most;
end $$;
