-- What is urgent goes before all else that waits.
alter table read.pending add column urgent boolean not null default false;
drop index read.pending_by_time;
create index pending_by_time on read.pending (channel, urgent desc, next_attempt_at);
