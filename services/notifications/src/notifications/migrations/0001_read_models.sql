-- What is asked of messages: what is to be sent, how far each came, and what stands in an inbox.
-- None holds words or addresses; those stay sealed in the events.

create schema if not exists read;

-- Messages that are not at their end. `next_attempt_at` is by the real clock.
create table read.pending (
    tenant uuid not null,
    message_id uuid not null,
    channel text not null,
    next_attempt_at timestamptz not null,
    -- Of the event that queued it: whatever is done about the message is done because of it.
    queued_by uuid not null,
    correlation_id uuid not null,
    traceparent text,
    primary key (tenant, message_id)
);
create index pending_by_time on read.pending (channel, next_attempt_at);
select es.protect('read.pending');

create table read.messages (
    tenant uuid not null,
    message_id uuid not null,
    -- The position of the event that queued it: the order of lists.
    position bigint not null,
    template text not null,
    template_version integer,
    channel text not null,
    recipient uuid not null,
    about_event uuid not null,
    case_id uuid,
    state text not null,
    attempts integer not null,
    reason text not null,
    queued_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (tenant, message_id)
);
create index messages_in_order on read.messages (tenant, position);
create index messages_by_state on read.messages (tenant, state, position);
create index messages_by_recipient on read.messages (tenant, recipient, position);
create index messages_by_case on read.messages (tenant, case_id, position);
create index messages_by_cause on read.messages (tenant, about_event, position);
select es.protect('read.messages');

create table read.inbox (
    tenant uuid not null,
    worker uuid not null,
    message_id uuid not null,
    -- Where the event stands that holds the sealed words.
    stream_id uuid not null,
    version bigint not null,
    position bigint not null,
    acknowledged_at timestamptz,
    primary key (tenant, worker, message_id)
);
create index inbox_in_order on read.inbox (tenant, worker, position);
select es.protect('read.inbox');
