-- The feed: positions are handed out before commits, so a reader must know up to where nothing can
-- still come to show. Every append registers a fence before it draws positions.

-- Marks this product's locks among the advisory locks of a database.
create function es.fence_tag() returns bigint
language sql immutable parallel safe
return 29543;

-- The last position given out, also to a transaction still open. Not bound to any snapshot.
create function es.last_position() returns bigint
language sql volatile
as $$
    select case when is_called then last_value else last_value - 1 end from es.position_seq
$$;

-- Let readers know that positions above the last one given out may come to show later. The lock is
-- shared, so it never waits; it ends with the transaction, after the transaction's rows show.
create function es.register_fence() returns void
language plpgsql volatile
as $$
begin
    -- Once a transaction: each further call would take another lock, and the lock table is finite.
    if coalesce(current_setting('es.fence', true), '') = '' then
        perform set_config('es.fence', es.last_position()::text, true);
        perform pg_advisory_xact_lock_shared(
            (es.fence_tag() << 48) | current_setting('es.fence')::bigint);
    end if;
end $$;

-- The position up to which every event that will ever show does show. A page is read after it, by a
-- statement of its own, which therefore has a newer snapshot.
--
-- Any position <= hi was drawn after its transaction registered a smaller fence. When low is read
-- that transaction is either still registered, and everything above its fence is held back, or it
-- has ended, and its rows show to whoever looks later.
create function es.safe_position() returns bigint
language plpgsql volatile
as $$
declare
    hi bigint;
    low bigint;
begin
    if current_setting('transaction_isolation') <> 'read committed' or pg_is_in_recovery() then
        raise exception 'the feed is read from the primary, in READ COMMITTED'
            using errcode = 'invalid_transaction_state';
    end if;
    hi := es.last_position();
    low := (select min(((classid::bigint << 32) | objid::bigint) & ((1::bigint << 48) - 1))
              from pg_locks
             where locktype = 'advisory' and objsubid = 1 and granted
               and database = (select oid from pg_database where datname = current_database())
               and ((classid::bigint << 32) | objid::bigint) >> 48 = es.fence_tag());
    return least(hi, low);
end $$;
